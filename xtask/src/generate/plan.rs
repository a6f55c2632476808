//! A plan's JSON with many resources.

use std::fmt::Write as _;
use std::io::{self, Write};

/// A resource of the plan: its type, its values, and what is unknown where it is to be created.
struct Resource {
    ty: &'static str,
    /// The JSON of the values that are known from the start, without braces.
    written: String,
    /// The JSON of the values that the provider gives, without braces.
    computed: String,
    /// The names of those.
    unknown: &'static [&'static str],
}

impl Resource {
    fn known(&self) -> String {
        format!("{{{},{}}}", self.written, self.computed)
    }

    fn unknown_mask(&self) -> String {
        let names = self.unknown.iter().map(|name| format!("\"{name}\":true"));
        format!("{{{}}}", names.collect::<Vec<_>>().join(","))
    }
}

/// In how many resources one is a task definition, and one its service.
const PERIOD: usize = 40;
/// In how many resources one is yet to be created.
const CREATED: usize = 10;

fn resource(index: usize) -> Resource {
    match index % PERIOD {
        0 => task_definition(index),
        1 => service(index),
        2 => role(index),
        3 => log_group(index),
        4..=9 => alarm(index),
        10..=19 => security_group(index),
        _ => bucket(index),
    }
}

fn address(index: usize) -> (String, String, String) {
    let team = index / 1_000;
    let module = format!(r#"module.team[\"team-{team}\"].module.part"#);
    let name = format!("r{index}");
    let resource = format!("{module}.{}.{name}", resource_type(index));
    (module, name, resource)
}

fn resource_type(index: usize) -> &'static str {
    match index % PERIOD {
        0 => "aws_ecs_task_definition",
        1 => "aws_ecs_service",
        2 => "aws_iam_role",
        3 => "aws_cloudwatch_log_group",
        4..=9 => "aws_cloudwatch_metric_alarm",
        10..=19 => "aws_security_group",
        _ => "aws_s3_bucket",
    }
}

pub(super) fn write_plan(out: &mut impl Write, resources: usize) -> io::Result<()> {
    out.write_all(
        br#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"region":{"value":"eu-west-1"}},"planned_values":{"root_module":{"child_modules":["#,
    )?;
    write_modules(out, resources, true)?;
    out.write_all(br#"]}},"resource_changes":["#)?;
    for index in 0..resources {
        if index > 0 {
            out.write_all(b",")?;
        }
        write_change(out, index)?;
    }
    out.write_all(br#"],"prior_state":{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"child_modules":["#)?;
    write_modules(out, resources, false)?;
    out.write_all(br#"]}}},"configuration":{"provider_config":{"aws":{"name":"aws","full_name":"registry.terraform.io/hashicorp/aws","expressions":{"region":{"references":["var.region"]}}}},"root_module":{"module_calls":{"team":{"source":"./team","for_each_expression":{"references":["local.teams"]},"module":{"module_calls":{"part":{"source":"./part","module":{"resources":["#)?;
    for index in 0..resources {
        if index > 0 {
            out.write_all(b",")?;
        }
        let (_, name, _) = address(index);
        let ty = resource_type(index);
        write!(
            out,
            r#"{{"address":"{ty}.{name}","mode":"managed","type":"{ty}","name":"{name}","provider_config_key":"aws","expressions":{{"name":{{"references":["var.name"]}},"tags":{{"constant_value":{{"Service":"s{index}"}}}},"family":{{"constant_value":"s"}},"network_mode":{{"constant_value":"awsvpc"}},"container_definitions":{{"references":["local.definitions","var.image"]}}}},"schema_version":1}}"#
        )?;
    }
    out.write_all(br#"]}}}}}},"variables":{"region":{}}}},"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}"#)
}

/// Writes the module instances of planned values or of a state.
fn write_modules(out: &mut impl Write, resources: usize, planned: bool) -> io::Result<()> {
    for start in (0..resources).step_by(1_000) {
        if start > 0 {
            out.write_all(b",")?;
        }
        let (module, _, _) = address(start);
        let team = start / 1_000;
        write!(
            out,
            r#"{{"address":"module.team[\"team-{team}\"]","child_modules":[{{"address":"{module}","resources":["#
        )?;
        let mut first = true;
        for index in start..resources.min(start + 1_000) {
            let created = index % CREATED == 0;
            if created && !planned {
                continue;
            }
            let (_, name, address) = address(index);
            let resource = resource(index);
            let values = if created {
                format!("{{{}}}", resource.written)
            } else {
                resource.known()
            };
            write!(
                out,
                r#"{}{{"address":"{address}","mode":"managed","type":"{}","name":"{name}","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1,"values":{values},"sensitive_values":{{"tags":{{}}}}}}"#,
                if first { "" } else { "," },
                resource.ty,
            )?;
            first = false;
        }
        out.write_all(b"]}]}")?;
    }
    Ok(())
}

fn write_change(out: &mut impl Write, index: usize) -> io::Result<()> {
    let (module, name, address) = address(index);
    let resource = resource(index);
    let known = resource.known();
    let change = if index.is_multiple_of(CREATED) {
        format!(
            r#""actions":["create"],"before":null,"after":{{{}}},"after_unknown":{},"before_sensitive":false,"after_sensitive":{{"tags":{{}}}}"#,
            resource.written,
            resource.unknown_mask(),
        )
    } else {
        format!(
            r#""actions":["no-op"],"before":{known},"after":{known},"after_unknown":{{}},"before_sensitive":{{"tags":{{}}}},"after_sensitive":{{"tags":{{}}}}"#
        )
    };
    write!(
        out,
        r#"{{"address":"{address}","module_address":"{module}","mode":"managed","type":"{}","name":"{name}","provider_name":"registry.terraform.io/hashicorp/aws","change":{{{change}}}}}"#,
        resource.ty,
    )
}

const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-1";

fn tags(index: usize) -> String {
    let tags = format!(
        r#"{{"CostCenter":"cc-{}","Environment":"production","ManagedBy":"terraform","Repository":"github.com/example/platform","Service":"s{index}"}}"#,
        index % 97
    );
    format!(r#""tags":{tags},"tags_all":{tags}"#)
}

fn task_definition(index: usize) -> Resource {
    let definitions = escape(&container_definitions(index));
    Resource {
        ty: "aws_ecs_task_definition",
        written: format!(
            r#""container_definitions":"{definitions}","cpu":"512","ephemeral_storage":[],"execution_role_arn":"arn:aws:iam::{ACCOUNT}:role/s{index}-execution","family":"s{index}","inference_accelerator":[],"ipc_mode":null,"memory":"1024","network_mode":"awsvpc","pid_mode":null,"placement_constraints":[],"proxy_configuration":[],"requires_compatibilities":["FARGATE"],"runtime_platform":[{{"cpu_architecture":"ARM64","operating_system_family":"LINUX"}}],"skip_destroy":false,"task_role_arn":"arn:aws:iam::{ACCOUNT}:role/s{index}-task","track_latest":false,"volume":[],{}"#,
            tags(index)
        ),
        computed: format!(
            r#""arn":"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/s{index}:7","arn_without_revision":"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/s{index}","enable_fault_injection":false,"id":"s{index}","revision":7"#
        ),
        unknown: &[
            "arn",
            "arn_without_revision",
            "enable_fault_injection",
            "id",
            "revision",
        ],
    }
}

fn container_definitions(index: usize) -> String {
    let mut variables = String::new();
    for variable in 0..20 {
        // Writing to a string cannot fail.
        let _ = write!(
            variables,
            r#"{}{{"name":"SETTING_{variable:02}","value":"value-{index}-{variable}"}}"#,
            if variable == 0 { "" } else { "," }
        );
    }
    format!(
        r#"[{{"cpu":0,"environment":[{variables}],"essential":true,"image":"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/s{index}:1.4.2","logConfiguration":{{"logDriver":"awslogs","options":{{"awslogs-group":"/ecs/s{index}","awslogs-region":"{REGION}","awslogs-stream-prefix":"app"}}}},"mountPoints":[],"name":"app","portMappings":[{{"containerPort":8080,"hostPort":8080,"protocol":"tcp"}}],"privileged":false,"readonlyRootFilesystem":true,"secrets":[{{"name":"DATABASE_URL","valueFrom":"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:s{index}-abcdef"}}],"systemControls":[],"user":"1000:1000","volumesFrom":[]}}]"#
    )
}

fn service(index: usize) -> Resource {
    let definition = index - 1;
    Resource {
        ty: "aws_ecs_service",
        written: format!(
            r#""alarms":[],"availability_zone_rebalancing":"DISABLED","capacity_provider_strategy":[],"cluster":"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main","deployment_circuit_breaker":[{{"enable":true,"rollback":true}}],"deployment_controller":[{{"type":"ECS"}}],"deployment_maximum_percent":200,"deployment_minimum_healthy_percent":100,"desired_count":2,"enable_ecs_managed_tags":true,"enable_execute_command":false,"force_delete":null,"force_new_deployment":null,"health_check_grace_period_seconds":60,"launch_type":"FARGATE","load_balancer":[{{"container_name":"app","container_port":8080,"elb_name":"","target_group_arn":"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/s{index}/0123456789abcdef"}}],"name":"s{definition}","network_configuration":[{{"assign_public_ip":false,"security_groups":["sg-{index:017x}"],"subnets":["subnet-0a","subnet-0b","subnet-0c"]}}],"ordered_placement_strategy":[],"placement_constraints":[],"propagate_tags":"SERVICE","scheduling_strategy":"REPLICA","service_connect_configuration":[],"service_registries":[],"sigint_rollback":null,"task_definition":"arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/s{definition}:7","timeouts":null,"volume_configuration":[],"vpc_lattice_configurations":[],"wait_for_steady_state":true,{}"#,
            tags(index)
        ),
        computed: format!(
            r#""iam_role":"/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS","id":"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/s{definition}","platform_version":"LATEST","triggers":{{}}"#
        ),
        unknown: &["iam_role", "id", "platform_version", "triggers"],
    }
}

fn role(index: usize) -> Resource {
    let policy = escape(
        r#"{"Statement":[{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}},"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"}}],"Version":"2012-10-17"}"#,
    );
    Resource {
        ty: "aws_iam_role",
        written: format!(
            r#""assume_role_policy":"{policy}","description":"Task role of s{index}","force_detach_policies":false,"max_session_duration":3600,"name":"s{index}-task","path":"/","permissions_boundary":null,{}"#,
            tags(index)
        ),
        computed: format!(
            r#""arn":"arn:aws:iam::{ACCOUNT}:role/s{index}-task","create_date":"2026-01-01T00:00:00Z","id":"s{index}-task","inline_policy":[],"managed_policy_arns":[],"name_prefix":"","unique_id":"AROA{index:016}""#
        ),
        unknown: &[
            "arn",
            "create_date",
            "id",
            "inline_policy",
            "managed_policy_arns",
            "name_prefix",
            "unique_id",
        ],
    }
}

fn log_group(index: usize) -> Resource {
    Resource {
        ty: "aws_cloudwatch_log_group",
        written: format!(
            r#""kms_key_id":"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000","name":"/ecs/s{index}","retention_in_days":90,"skip_destroy":false,{}"#,
            tags(index)
        ),
        computed: format!(
            r#""arn":"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/s{index}","id":"/ecs/s{index}","log_group_class":"STANDARD","name_prefix":"""#
        ),
        unknown: &["arn", "id", "log_group_class", "name_prefix"],
    }
}

fn alarm(index: usize) -> Resource {
    Resource {
        ty: "aws_cloudwatch_metric_alarm",
        written: format!(
            r#""actions_enabled":true,"alarm_actions":["arn:aws:sns:{REGION}:{ACCOUNT}:pages"],"alarm_description":"{}","alarm_name":"s{index}-cpu","comparison_operator":"GreaterThanThreshold","datapoints_to_alarm":null,"dimensions":{{"ClusterName":"main","ServiceName":"s{index}"}},"evaluation_periods":5,"extended_statistic":null,"insufficient_data_actions":null,"metric_name":"CPUUtilization","metric_query":[],"namespace":"AWS/ECS","ok_actions":["arn:aws:sns:{REGION}:{ACCOUNT}:pages"],"period":60,"statistic":"Average","threshold":85.5,"threshold_metric_id":null,"treat_missing_data":"missing","unit":null,{}"#,
            "CPU has been high for five minutes; the runbook says what to look at first. "
                .repeat(10),
            tags(index)
        ),
        computed: format!(
            r#""arn":"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:s{index}-cpu","evaluate_low_sample_count_percentiles":"","id":"s{index}-cpu""#
        ),
        unknown: &["arn", "evaluate_low_sample_count_percentiles", "id"],
    }
}

fn security_group(index: usize) -> Resource {
    let mut ingress = String::new();
    for port in 0..8 {
        // Writing to a string cannot fail.
        let _ = write!(
            ingress,
            r#"{}{{"cidr_blocks":["10.{}.0.0/16","10.{}.0.0/16"],"description":"From the other side, port {port}","from_port":{},"ipv6_cidr_blocks":[],"prefix_list_ids":[],"protocol":"tcp","security_groups":[],"self":false,"to_port":{}}}"#,
            if port == 0 { "" } else { "," },
            index % 256,
            (index + 1) % 256,
            8_000 + port,
            8_000 + port
        );
    }
    Resource {
        ty: "aws_security_group",
        written: format!(
            r#""description":"Tasks of s{index}","ingress":[{ingress}],"name":"s{index}","revoke_rules_on_delete":false,"timeouts":null,"vpc_id":"vpc-0a",{}"#,
            tags(index)
        ),
        computed: format!(
            r#""arn":"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-{index:017x}","egress":[],"id":"sg-{index:017x}","name_prefix":"","owner_id":"{ACCOUNT}""#
        ),
        unknown: &["arn", "egress", "id", "name_prefix", "owner_id"],
    }
}

fn bucket(index: usize) -> Resource {
    let policy = escape(&format!(
        r#"{{"Statement":[{{"Action":"s3:*","Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}},"Effect":"Deny","Principal":"*","Resource":["arn:aws:s3:::s{index}","arn:aws:s3:::s{index}/*"],"Sid":"DenyInsecureTransport"}}],"Version":"2012-10-17"}}"#
    ));
    let mut rules = String::new();
    for rule in 0..4 {
        // Writing to a string cannot fail.
        let _ = write!(
            rules,
            r#"{}{{"abort_incomplete_multipart_upload_days":7,"enabled":true,"expiration":[{{"date":"","days":365,"expired_object_delete_marker":false}}],"id":"rule-{rule}","noncurrent_version_expiration":[{{"days":30}}],"noncurrent_version_transition":[],"prefix":"part-{rule}/","tags":{{}},"transition":[{{"date":"","days":90,"storage_class":"GLACIER"}}]}}"#,
            if rule == 0 { "" } else { "," }
        );
    }
    Resource {
        ty: "aws_s3_bucket",
        written: format!(
            r#""bucket":"s{index}","force_destroy":false,"timeouts":null,{}"#,
            tags(index)
        ),
        computed: format!(
            r#""acceleration_status":"","acl":null,"arn":"arn:aws:s3:::s{index}","bucket_domain_name":"s{index}.s3.amazonaws.com","bucket_prefix":"","bucket_regional_domain_name":"s{index}.s3.{REGION}.amazonaws.com","cors_rule":[],"grant":[{{"id":"0123456789abcdef","permissions":["FULL_CONTROL"],"type":"CanonicalUser","uri":""}}],"hosted_zone_id":"Z1BKCTXD74EZPE","id":"s{index}","lifecycle_rule":[{rules}],"logging":[],"object_lock_configuration":[],"object_lock_enabled":false,"policy":"{policy}","region":"{REGION}","replication_configuration":[],"request_payer":"BucketOwner","server_side_encryption_configuration":[{{"rule":[{{"apply_server_side_encryption_by_default":[{{"kms_master_key_id":"","sse_algorithm":"AES256"}}],"bucket_key_enabled":false}}]}}],"versioning":[{{"enabled":true,"mfa_delete":false}}],"website":[],"website_domain":null,"website_endpoint":null"#
        ),
        unknown: &[
            "acceleration_status",
            "acl",
            "arn",
            "bucket_domain_name",
            "id",
            "policy",
        ],
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecs_audit::terraform::plan::Facts;

    #[test]
    fn a_generated_plan_is_a_plan() {
        let mut json = Vec::new();
        write_plan(&mut json, 2_050).unwrap();
        let facts = Facts::read(json, "generated").unwrap();
        assert_eq!(facts.instances().count(), 2_050);
        let address = r#"module.team["team-1"].module.part.aws_ecs_task_definition.r1040"#;
        let instance = facts.instance(address).expect("a task definition");
        assert!(
            instance
                .attributes
                .entries
                .contains_key("container_definitions")
        );
        assert!(
            instance
                .computed
                .iter()
                .any(|name| &**name == "enable_fault_injection")
        );
    }
}
