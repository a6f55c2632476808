use crate::ecs::inventory::{
    Egress, Endpoint, Inventory, Link, Platform, Runner, SecretStore, Setting, Vpc, Why,
};
use crate::fix::Fix;
use crate::rules::rule::{OptionDefault, RuleOption, rule};
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a VPC that the configuration creates, and that tasks run in, lacks an endpoint that they need:
    ///
    /// | endpoint | needed when |
    /// |---|---|
    /// | `ecr.api`, `ecr.dkr` | an image is in private ECR |
    /// | `s3`, a gateway | an image is in private ECR: its layers are in S3 |
    /// | `ecs`, `ecs-agent`, `ecs-telemetry` | tasks run on EC2 |
    /// | `logs` | a container logs with `awslogs` |
    /// | `secretsmanager`, `ssm` | a secret comes from there |
    /// | `ssmmessages`, and `kms` with a customer key | a service enables ECS Exec |
    ///
    /// Where a NAT or internet gateway serves all the tasks' subnets, only those for images fail; the others are a
    /// note. An interface endpoint needs private DNS. For a VPC that the configuration does not create the
    /// verdict is unknown, unless the option `vpc-endpoints` is `"external"`.
    ///
    /// # Why it matters
    ///
    /// Without endpoints, what tasks say to AWS leaves the VPC, or does not get there at all.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_vpc" "main" {
    ///   cidr_block = "10.0.0.0/16"
    /// }
    ///
    /// resource "aws_subnet" "main" {
    ///   vpc_id     = aws_vpc.main.id
    ///   cidr_block = "10.0.0.0/24"
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    ///   launch_type     = "FARGATE"
    ///   network_configuration {
    ///     subnets = [aws_subnet.main.id]
    ///   }
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name    = "app"
    ///     image   = "public.ecr.aws/app:1.0.0"
    ///     secrets = [{ name = "TOKEN", valueFrom = "/app/token" }]
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:014]: the VPC lacks endpoints: `ssm`
    ///  --> main.tf:1:1
    ///   |
    /// 1 | resource "aws_vpc" "main" {
    ///   | ^^^^^^^^^^^^^^^^^^^^^^^^^ what its tasks say to AWS does not stay in it
    ///   |
    ///   = note: `ssm`: a secret comes from SSM Parameter Store
    ///   = note: in `aws_vpc.main`
    ///   = note: `ECS:014`, `missing-vpc-endpoint`, is required and `deny` by default
    ///   = help: add an `aws_vpc_endpoint` for each; interface endpoints with private DNS
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_vpc" "main" {
    ///   cidr_block = "10.0.0.0/16"
    /// }
    ///
    /// resource "aws_subnet" "main" {
    ///   vpc_id     = aws_vpc.main.id
    ///   cidr_block = "10.0.0.0/24"
    /// }
    ///
    /// resource "aws_vpc_endpoint" "ssm" {
    ///   vpc_id              = aws_vpc.main.id
    ///   service_name        = "com.amazonaws.eu-west-1.ssm"
    ///   vpc_endpoint_type   = "Interface"
    ///   private_dns_enabled = true
    ///   subnet_ids          = [aws_subnet.main.id]
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    ///   launch_type     = "FARGATE"
    ///   network_configuration {
    ///     subnets = [aws_subnet.main.id]
    ///   }
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name    = "app"
    ///     image   = "public.ecr.aws/app:1.0.0"
    ///     secrets = [{ name = "TOKEN", valueFrom = "/app/token" }]
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [ECR interface endpoints](https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html)
    /// - [ECS interface endpoints](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html)
    /// - [Security Hub EC2.55 and EC2.56](https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-55)
    pub(super) static MISSING_VPC_ENDPOINT = {
        id: "ECS:014",
        name: "missing-vpc-endpoint",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Security Hub EC2.55", "Security Hub EC2.56"],
        options: &[RuleOption {
            name: "vpc-endpoints",
            default: OptionDefault::Choice(&["required", "external"]),
            doc: "`external` when the endpoints of VPCs that are not created here are somebody else's",
        }],
        check: Check::Vpc(check),
    }
}

/// An endpoint, and whether anything needs it.
#[derive(Debug)]
struct Need {
    service: &'static str,
    /// Whether it is needed even where there is another way out.
    always: bool,
    needed: Option<&'static str>,
    /// Why it may be needed, where it is not known whether it is.
    maybe: Option<Why>,
}

/// Every endpoint that tasks may need.
struct Needs(Vec<Need>);

impl Needs {
    /// Takes in that services are needed, are not, or may be, and why.
    fn add(&mut self, services: &[&str], reason: &'static str, needed: Setting<bool>) {
        for need in self
            .0
            .iter_mut()
            .filter(|need| services.contains(&need.service))
        {
            match &needed {
                Setting::Set(true) => need.needed = Some(reason),
                Setting::Unknown(why) => need.maybe = Some(why.clone()),
                Setting::Set(false) | Setting::Unset => {}
            }
        }
    }
}

const ALWAYS: [&str; 3] = ["ecr.api", "ecr.dkr", "s3"];
const ON_EC2: [&str; 3] = ["ecs", "ecs-agent", "ecs-telemetry"];
const OTHERS: [&str; 5] = ["logs", "secretsmanager", "ssm", "ssmmessages", "kms"];

fn check(context: &Context<'_>, vpc: &Vpc) -> Verdict {
    let origin = &vpc.subject.origin;
    if let Some(why) = &vpc.external {
        return match context.text("vpc-endpoints") {
            "external" => Verdict::not_applicable(
                "the VPC and its endpoints are made elsewhere, as the configuration says",
                origin,
            ),
            _ => Verdict::unknown(
                "the endpoints of a VPC that is not created here are not known",
                why.to_string(),
                origin,
            )
            .help("set `vpc-endpoints = \"external\"` if somebody else sees to them"),
        };
    }
    let needs = needs(context.inventory, vpc).0;
    if needs
        .iter()
        .all(|need| need.needed.is_none() && need.maybe.is_none())
    {
        return Verdict::not_applicable("its tasks need no endpoint", origin);
    }
    let mut missing = Vec::new();
    let mut advised = Vec::new();
    let mut undecided: Option<Why> = None;
    let mut notes = Vec::new();
    let mut fixes = Some(Vec::new());
    for need in &needs {
        let mut fix = None;
        let (lacks, why) = match endpoint(vpc, need.service) {
            Found::Fits(note) => {
                notes.extend(note.filter(|_| need.needed.is_some()));
                continue;
            }
            Found::Lacks(lacks) => (lacks, need.maybe.clone()),
            Found::WithoutPrivateDns(endpoint) => {
                fix = Some(private_dns(endpoint));
                let lacks = format!("`{}` (private DNS is off)", need.service);
                (lacks, need.maybe.clone())
            }
            Found::Unknown(why) => (String::new(), Some(why)),
        };
        let reached = !need.always && vpc.egress == Egress::Yes;
        let open = match (&vpc.egress, need.always) {
            (Egress::Unknown(why), false) => Some(why.clone()),
            _ => None,
        };
        match (need.needed, why.or(open)) {
            (None, None) => {}
            (Some(_), None) if reached => advised.push(format!("`{}`", need.service)),
            (Some(reason), None) => {
                missing.push((lacks, reason));
                // What mends one endpoint alone does not mend the VPC.
                fixes = fixes.zip(fix).map(|(mut fixes, fix)| {
                    fixes.push(fix);
                    fixes
                });
            }
            (_, Some(_)) if reached => {}
            (_, Some(why)) => undecided = undecided.or(Some(why)),
        }
    }
    let mut verdict = if !missing.is_empty() {
        let lacks: Vec<_> = missing.iter().map(|(lacks, _)| lacks.as_str()).collect();
        let mut verdict = Verdict::fail(
            format!("the VPC lacks endpoints: {}", lacks.join(", ")),
            origin,
        )
        .label("what its tasks say to AWS does not stay in it")
        .help("add an `aws_vpc_endpoint` for each; interface endpoints with private DNS");
        let mut reasons: Vec<_> = missing.iter().map(|(_, reason)| *reason).collect();
        reasons.dedup();
        for reason in reasons {
            verdict = verdict.note(reason);
        }
        let fix = fixes.and_then(|fixes| fixes.into_iter().reduce(Fix::and));
        match fix {
            Some(fix) => verdict.fix(fix),
            None => verdict,
        }
    } else if let Some(why) = undecided {
        let message = "whether the VPC has the endpoints that its tasks need is not known";
        Verdict::unknown(message, why.to_string(), origin)
    } else {
        Verdict::pass("the VPC has the endpoints that its tasks need", origin)
    };
    if !advised.is_empty() {
        let advised = advised.join(", ");
        verdict = verdict.note(format!(
            "without an endpoint, through the NAT or gateway: {advised}"
        ));
    }
    notes.into_iter().fold(verdict, Verdict::note)
}

/// What the tasks in a VPC need.
fn needs(inventory: &Inventory, vpc: &Vpc) -> Needs {
    let services = ALWAYS.iter().chain(&ON_EC2).chain(&OTHERS);
    let needs = services.map(|&service| Need {
        service,
        always: ALWAYS.contains(&service),
        needed: None,
        maybe: None,
    });
    let mut needs = Needs(needs.collect());
    if let Some(why) = &inventory.incomplete {
        // Tasks that are not read may run in it.
        for services in [&ALWAYS[..], &ON_EC2, &OTHERS] {
            needs.add(services, "", Setting::Unknown(why.clone()));
        }
    }
    for runner in vpc.runners.iter().map(|&index| &inventory.runners[index]) {
        let on_ec2 = [Platform::Ec2, Platform::ManagedInstances];
        let on_ec2 = on_ec2
            .into_iter()
            .any(|platform| runner.platforms.includes(platform));
        let on_ec2 = match &runner.platforms.undetermined {
            Some(why) if !on_ec2 => Setting::Unknown(why.clone()),
            _ => Setting::Set(on_ec2),
        };
        needs.add(
            &ON_EC2,
            "`ecs`, `ecs-agent`, `ecs-telemetry`: tasks run on EC2",
            on_ec2,
        );
        exec(inventory, runner, &mut needs);
        let task = match &runner.task_definition {
            Link::To(task) => &inventory.task_definitions[*task],
            Link::External(why) => {
                let unknown = Setting::Unknown(why.clone());
                needs.add(&ALWAYS, "", unknown.clone());
                needs.add(&["logs", "secretsmanager", "ssm"], "", unknown);
                continue;
            }
            Link::None => continue,
        };
        if let Some(why) = &task.containers_uncertain {
            needs.add(&ALWAYS, "", Setting::Unknown(why.clone()));
            needs.add(
                &["logs", "secretsmanager", "ssm"],
                "",
                Setting::Unknown(why.clone()),
            );
        }
        for container in &task.containers {
            let ecr = container.image_in_private_ecr.clone();
            needs.add(
                &ALWAYS,
                "`ecr.api`, `ecr.dkr`, `s3`: an image is in private ECR",
                ecr,
            );
            needs.add(
                &["logs"],
                "`logs`: a container logs with `awslogs`",
                container.uses_awslogs(),
            );
            for secret in &container.secrets {
                match secret.store() {
                    Some(SecretStore::SecretsManager) => {
                        let reason = "`secretsmanager`: a secret comes from Secrets Manager";
                        needs.add(&["secretsmanager"], reason, Setting::Set(true));
                    }
                    Some(SecretStore::ParameterStore) => {
                        let reason = "`ssm`: a secret comes from SSM Parameter Store";
                        needs.add(&["ssm"], reason, Setting::Set(true));
                    }
                    None => {
                        let why = secret.value.partly_unknown().unwrap_or_default();
                        needs.add(&["secretsmanager", "ssm"], "", Setting::Unknown(why));
                    }
                }
            }
        }
    }
    needs
}

/// What ECS Exec needs, where a service enables it.
fn exec(inventory: &Inventory, runner: &Runner, needs: &mut Needs) {
    let enabled = runner.enable_exec.setting.clone();
    let on = enabled == Setting::Set(true);
    needs.add(
        &["ssmmessages"],
        "`ssmmessages`: a service enables ECS Exec",
        enabled,
    );
    let Link::To(cluster) = runner.cluster else {
        return;
    };
    let exec = inventory.clusters[cluster].exec.as_ref();
    if on && exec.is_some_and(|exec| exec.kms_key_id.is_present()) {
        let reason = "`kms`: ECS Exec sessions are encrypted with a customer key";
        needs.add(&["kms"], reason, Setting::Set(true));
    }
}

enum Found<'a> {
    /// It is there, with what is to be said of it.
    Fits(Option<String>),
    /// It is not there, or not as it has to be: the words for the message.
    Lacks(String),
    /// It is there, and the names of the service do not lead to it.
    WithoutPrivateDns(&'a Endpoint),
    Unknown(Why),
}

/// Looks for an endpoint for a service.
fn endpoint<'a>(vpc: &'a Vpc, service: &str) -> Found<'a> {
    let mut best = match &vpc.endpoints_uncertain {
        Some(why) => Found::Unknown(why.clone()),
        None => Found::Lacks(format!("`{service}`")),
    };
    for endpoint in &vpc.endpoints {
        let Some(matches) = is_for(endpoint, service) else {
            if let Some(why) = endpoint.service.partly_unknown() {
                best = Found::Unknown(why);
            }
            continue;
        };
        if !matches {
            continue;
        }
        match fits(endpoint, service) {
            Found::Fits(note) => {
                let hangs = endpoint.subject.maybe.as_ref();
                let hangs = hangs
                    .map(|why| format!("whether the endpoint `{service}` is there hangs on {why}"));
                return Found::Fits(note.or(hangs));
            }
            other => best = other,
        }
    }
    match (best, &vpc.endpoints_uncertain) {
        // One that fits may be among those that are not known.
        (Found::Lacks(_) | Found::WithoutPrivateDns(_), Some(why)) => Found::Unknown(why.clone()),
        (best, _) => best,
    }
}

/// Everything in the VPC that speaks to the service goes through the endpoint then.
fn private_dns(endpoint: &Endpoint) -> Fix {
    let title = "turn private DNS of the endpoints on";
    let origin = &endpoint.private_dns.origin;
    let fix = match endpoint.private_dns.setting {
        Setting::Unset => Fix::set(title, origin, "private_dns_enabled", "true"),
        _ => Fix::replace(title, origin, "true"),
    };
    fix.maybe_incorrect()
}

/// Whether an endpoint is for a service, by the end of its name.
fn is_for(endpoint: &Endpoint, service: &str) -> Option<bool> {
    let text = endpoint.service.set()?;
    let end = text.suffix();
    if end == service
        || end
            .strip_suffix(service)
            .is_some_and(|start| start.ends_with('.'))
    {
        return Some(true);
    }
    // An end that is known as far as the dot before the service decides.
    (text.known().is_some() || end.contains('.')).then_some(false)
}

fn fits<'a>(endpoint: &'a Endpoint, service: &str) -> Found<'a> {
    let kind = match (
        endpoint.endpoint_type.partly_unknown(),
        endpoint.endpoint_type.text(),
    ) {
        (Some(why), _) => return Found::Unknown(why),
        (None, kind) => kind.unwrap_or("Gateway"),
    };
    let gateway = kind.eq_ignore_ascii_case("Gateway");
    let interface = kind.eq_ignore_ascii_case("Interface");
    match (service, gateway, interface) {
        ("s3", true, _) => return Found::Fits(None),
        ("s3", _, true) => {
            let note = "the `s3` endpoint is an interface: a gateway costs nothing";
            return Found::Fits(Some(note.to_owned()));
        }
        ("s3", ..) => return Found::Lacks("`s3` (neither a gateway nor an interface)".to_owned()),
        (_, _, false) => return Found::Lacks(format!("`{service}` (not an interface)")),
        _ => {}
    }
    match &endpoint.private_dns.setting {
        Setting::Set(true) => Found::Fits(None),
        Setting::Unknown(why) => Found::Unknown(why.clone()),
        Setting::Set(false) | Setting::Unset => Found::WithoutPrivateDns(endpoint),
    }
}
