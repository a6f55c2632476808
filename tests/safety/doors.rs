//! The ways for a secret into a configuration.

use crate::scene::Scene;

/// A way in, and the expression that is the secret then. `Ⓢ` stands for the secret itself.
pub(crate) struct Door {
    pub(crate) name: &'static str,
    pub(crate) expression: &'static str,
    /// Files of the root module.
    files: &'static [(&'static str, &'static str)],
    /// Arguments of the command line.
    arguments: &'static [&'static str],
    /// The plan's JSON.
    plan: Option<&'static str>,
    /// Whether the expression is one of the module in `inner`.
    pub(crate) module: bool,
}

impl Door {
    pub(crate) fn open(&self, scene: &mut Scene<'_>) {
        for (name, text) in self.files {
            scene.write(&format!("main/{name}"), text);
        }
        for argument in self.arguments {
            scene.argument(argument);
        }
        if let Some(plan) = self.plan {
            scene.write("plan.json", plan);
            let path = scene.path("plan.json").display().to_string();
            scene.argument("--plan-file");
            scene.argument(&path);
        }
    }
}

const DOOR: Door = Door {
    name: "",
    expression: "var.s",
    files: &[],
    arguments: &[],
    plan: None,
    module: false,
};

const SENSITIVE: (&str, &str) = (
    "v.tf",
    "variable \"s\" {\n  type = string\n  sensitive = true\n}\n",
);

/// All of them.
pub(crate) fn doors() -> Vec<Door> {
    vec![
        Door {
            name: "a default",
            files: &[(
                "v.tf",
                "variable \"s\" {\n  sensitive = true\n  default = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a default in JSON",
            files: &[(
                "v.tf.json",
                "{\"variable\": {\"s\": {\"sensitive\": true, \"default\": \"Ⓢ\"}}}",
            )],
            ..DOOR
        },
        Door {
            name: "a heredoc's default",
            files: &[(
                "v.tf",
                "variable \"s\" {\n  sensitive = true\n  default = <<EOT\nx\nⓈ\nEOT\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "an object's default",
            expression: "var.o.inner[\"k\"]",
            files: &[(
                "v.tf",
                "variable \"o\" {\n  sensitive = true\n  type = object({ inner = map(string), n = optional(string, \"n\") })\n  default = { inner = { k = \"Ⓢ\" } }\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a default of no type that was wanted",
            files: &[(
                "v.tf",
                "variable \"s\" {\n  type = number\n  sensitive = true\n  default = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a variable file",
            files: &[SENSITIVE, ("terraform.tfvars", "s = \"Ⓢ\"\n")],
            ..DOOR
        },
        Door {
            name: "a variable file in JSON",
            files: &[SENSITIVE, ("a.auto.tfvars.json", "{\"s\": \"Ⓢ\"}\n")],
            ..DOOR
        },
        Door {
            name: "the command line",
            files: &[SENSITIVE],
            arguments: &["--var=s=Ⓢ"],
            ..DOOR
        },
        Door {
            name: "an ephemeral variable",
            files: &[(
                "v.tf",
                "variable \"s\" {\n  ephemeral = true\n  default = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a sensitive local value",
            expression: "local.s",
            files: &[("l.tf", "locals {\n  s = sensitive(\"Ⓢ\")\n}\n")],
            ..DOOR
        },
        Door {
            name: "a sensitive file",
            expression: "local.s",
            files: &[
                (
                    "l.tf",
                    "locals {\n  s = sensitive(file(\"${path.module}/s.txt\"))\n}\n",
                ),
                ("s.txt", "Ⓢ"),
            ],
            ..DOOR
        },
        Door {
            name: "a value in a sensitive file",
            expression: "local.s.password",
            files: &[
                (
                    "l.tf",
                    "locals {\n  s = jsondecode(sensitive(file(\"${path.module}/s.json\")))\n}\n",
                ),
                ("s.json", "{\"password\": \"Ⓢ\"}"),
            ],
            ..DOOR
        },
        Door {
            name: "a module's output",
            expression: "module.m.s",
            files: &[
                ("m.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
                (
                    "m/main.tf",
                    "output \"s\" {\n  sensitive = true\n  value = \"Ⓢ\"\n}\n",
                ),
            ],
            ..DOOR
        },
        Door {
            name: "a module's variable",
            module: true,
            files: &[
                (
                    "m.tf",
                    "module \"inner\" {\n  source = \"./inner\"\n  s = \"Ⓢ\"\n}\n",
                ),
                ("inner/v.tf", "variable \"s\" {\n  sensitive = true\n}\n"),
            ],
            ..DOOR
        },
        Door {
            name: "a module's variable from a sensitive one",
            expression: "var.plain",
            module: true,
            files: &[
                (
                    "v.tf",
                    "variable \"s\" {\n  sensitive = true\n  default = \"Ⓢ\"\n}\nmodule \"inner\" {\n  source = \"./inner\"\n  plain = var.s\n}\n",
                ),
                ("inner/v.tf", "variable \"plain\" {\n  type = string\n}\n"),
            ],
            ..DOOR
        },
        Door {
            name: "a database's password",
            expression: "aws_db_instance.s.password",
            files: &[(
                "r.tf",
                "resource \"aws_db_instance\" \"s\" {\n  password = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a secret's version",
            expression: "aws_secretsmanager_secret_version.s.secret_string",
            files: &[(
                "r.tf",
                "resource \"aws_secretsmanager_secret_version\" \"s\" {\n  secret_id = \"s\"\n  secret_string = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a value in a secret's version",
            expression: "jsondecode(aws_secretsmanager_secret_version.s.secret_string)[\"p\"]",
            files: &[(
                "r.tf",
                "resource \"aws_secretsmanager_secret_version\" \"s\" {\n  secret_id = \"s\"\n  secret_string = jsonencode({ p = \"Ⓢ\" })\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a parameter",
            expression: "aws_ssm_parameter.s.value",
            files: &[(
                "r.tf",
                "resource \"aws_ssm_parameter\" \"s\" {\n  type = \"SecureString\"\n  value = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "an encoded value",
            expression: "base64encode(var.s)",
            files: &[(
                "v.tf",
                "variable \"s\" {\n  sensitive = true\n  default = \"Ⓢ\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a decoded value",
            expression: "base64decode(var.s)",
            files: &[(
                "v.tf",
                // The secret, encoded.
                "variable \"s\" {\n  sensitive = true\n  default = \"WnE3SHg5S3cyVnQ1Um04THBCNG5ZZDNT\"\n}\n",
            )],
            ..DOOR
        },
        Door {
            name: "a plan's variable",
            files: &[SENSITIVE],
            plan: Some(
                r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"s":{"value":"Ⓢ"}},"resource_changes":[],"configuration":{"root_module":{"variables":{"s":{"sensitive":true}}}}}"#,
            ),
            ..DOOR
        },
        Door {
            name: "a plan's random password",
            expression: "random_password.s.result",
            files: &[(
                "r.tf",
                "resource \"random_password\" \"s\" {\n  length = 20\n}\n",
            )],
            plan: Some(
                r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"random_password.s","mode":"managed","type":"random_password","name":"s","change":{"actions":["no-op"],"before":{},"after":{"length":20,"result":"Ⓢ"},"after_unknown":{},"after_sensitive":{"result":true}}}]}"#,
            ),
            ..DOOR
        },
        Door {
            name: "a plan's secret in its state",
            expression: "data.aws_secretsmanager_secret_version.s.secret_string",
            files: &[(
                "r.tf",
                "data \"aws_secretsmanager_secret_version\" \"s\" {\n  secret_id = \"s\"\n}\n",
            )],
            plan: Some(
                r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"data.aws_secretsmanager_secret_version.s","mode":"data","type":"aws_secretsmanager_secret_version","name":"s","values":{"secret_id":"s","secret_string":"Ⓢ"},"sensitive_values":{"secret_string":true}}]}}}}"#,
            ),
            ..DOOR
        },
        Door {
            name: "a plan's mark on a type of its own",
            expression: "custom_thing.s.inner[0].field",
            files: &[("r.tf", "resource \"custom_thing\" \"s\" {\n}\n")],
            plan: Some(
                r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"custom_thing.s","mode":"managed","type":"custom_thing","name":"s","change":{"actions":["create"],"before":null,"after":{"inner":[{"field":"Ⓢ"}]},"after_unknown":{},"after_sensitive":{"inner":[{"field":true}]}}}]}"#,
            ),
            ..DOOR
        },
        Door {
            name: "a plan's remote state",
            expression: "data.terraform_remote_state.s.outputs.p",
            files: &[(
                "r.tf",
                "data \"terraform_remote_state\" \"s\" {\n  backend = \"local\"\n}\n",
            )],
            plan: Some(
                r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"data.terraform_remote_state.s","mode":"data","type":"terraform_remote_state","name":"s","values":{"backend":"local","outputs":{"p":"Ⓢ"}},"sensitive_values":{"outputs":{"p":true}}}]}}}}"#,
            ),
            ..DOOR
        },
    ]
}
