//! What is not known to be absent where a part of the configuration could not be read.

use super::runner::task_platforms;
use crate::ecs::inventory::{Egress, Inventory, Link, Platforms, Setting, Why};

/// Opens what was closed because nothing else was found: whatever is not read may hold it.
pub(super) fn open(inventory: &mut Inventory, why: &Why) {
    inventory.incomplete = Some(why.clone());
    for cluster in &mut inventory.clusters {
        // `aws_ecs_cluster_capacity_providers` gives a cluster its strategy from outside.
        if cluster.default_strategy.is_empty() {
            let known = &mut cluster.default_strategy_uncertain;
            *known = known.take().or(Some(why.clone()));
        }
    }
    for runner in &mut inventory.runners {
        let by_cluster = runner.launch_type.setting == Setting::Unset && runner.strategy.is_empty();
        if let (true, Link::To(cluster)) = (by_cluster, &runner.cluster)
            && inventory.clusters[*cluster].default_strategy.is_empty()
        {
            runner.platforms = undetermined(why);
        }
    }
    for task in &mut inventory.task_definitions {
        let undetermined = task.platforms.undetermined.take();
        task.platforms = task_platforms(task, &inventory.runners);
        task.platforms.undetermined = undetermined.or(Some(why.clone()));
    }
    for vpc in inventory
        .vpcs
        .iter_mut()
        .filter(|vpc| vpc.external.is_none())
    {
        let uncertain = &mut vpc.endpoints_uncertain;
        *uncertain = uncertain.take().or(Some(why.clone()));
        for endpoint in &mut vpc.endpoints {
            // `aws_vpc_endpoint_private_dns` sets it from outside.
            if endpoint.private_dns.setting == Setting::Unset {
                endpoint.private_dns.setting = Setting::Unknown(why.clone());
            }
        }
        if vpc.egress == Egress::No {
            vpc.egress = Egress::Unknown(why.clone());
        }
    }
}

fn undetermined(why: &Why) -> Platforms {
    Platforms {
        known: Vec::new(),
        undetermined: Some(why.clone()),
    }
}
