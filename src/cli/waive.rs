//! `cargo ecs-audit waive`: writes a waiver into the manifest.

use anyhow::{Context as _, Result, anyhow, bail};
use toml_edit::{Datetime, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::arguments::WaiveArgs;
use super::arguments::rule_named;
use super::output::{Stopped, print, safe};
use crate::config;
use crate::console::Console;
use crate::exit::Exit;
use crate::fix;
use crate::report;
use crate::rules::Rule;
use crate::waiver::{self, Date};
use crate::workspace::{Search, Workspace};

/// Writes the waiver.
pub(super) fn waive(args: &WaiveArgs, console: &mut Console<'_>) -> Result<Exit, Stopped> {
    let wrong = |error: anyhow::Error| Stopped::usage(&error);
    let rule = rule_named(&args.rule).map_err(wrong)?;
    let current = std::env::current_dir()
        .context("there is no current directory")
        .map_err(|error| Stopped::unfinished(&error))?;
    let search = Search {
        manifest_path: args.manifest_path.clone(),
        ..Search::default()
    };
    let workspace = Workspace::find(&current, &search).map_err(wrong)?;
    let config = workspace.config().map_err(|errors| Stopped {
        exit: Exit::Usage,
        message: report::config_errors(
            "Cargo.toml",
            &workspace.text,
            &errors,
            console.messages.colour,
        ),
    })?;
    let most_days = config.max_waiver_days.unwrap_or(waiver::MOST_DAYS);
    check(args, most_days).map_err(wrong)?;
    let is_there = config.waivers.iter().any(|waiver| {
        waiver.rule.id == rule.id
            && waiver.address == args.address
            && waiver.container == args.container
            && waiver.root == args.root
    });
    if is_there {
        let error = anyhow!(
            "{} is waived for `{}` already; change its entry in the manifest",
            rule.id,
            args.address
        );
        return Err(wrong(error));
    }
    let edited = edited(&workspace.text, rule, args).map_err(wrong)?;
    fix::write(&workspace.manifest, &workspace.text, &edited)
        .map_err(|error| Stopped::unfinished(&error))?;
    let line = format!(
        "      Waived {} for `{}` in `{}`\n",
        rule.id,
        args.address,
        workspace
            .manifest
            .strip_prefix(&current)
            .unwrap_or(&workspace.manifest)
            .display()
    );
    print(&mut console.messages, &safe(&line))?;
    Ok(Exit::Clean)
}

fn check(args: &WaiveArgs, most_days: u32) -> Result<()> {
    if args.reason.trim().is_empty() {
        bail!("a waiver needs a `--reason`");
    }
    if args.address.trim().is_empty() {
        bail!("a waiver needs the address of a resource; `*` stands for any text");
    }
    let today = Date::today();
    if let Some(until) = args.until {
        if until < today {
            bail!("`--until {until}` is past");
        }
        if let Some(wrong) = waiver::too_far(until, today, most_days) {
            bail!("{wrong}");
        }
    }
    Ok(())
}

/// The manifest with the waiver in it, and everything else as it was.
fn edited(manifest: &str, rule: &Rule, args: &WaiveArgs) -> Result<String> {
    let mut document: DocumentMut = manifest.parse().context("the manifest is no valid TOML")?;
    let owner = if document.contains_key("workspace") {
        "workspace"
    } else {
        "package"
    };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for key in [owner, "metadata", "ecs-audit"] {
        let item = table.entry(key).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        table = item
            .as_table_like_mut()
            .with_context(|| format!("`{key}` of the manifest is no table"))?;
    }
    let mut fields: Vec<(&str, Value)> = vec![
        ("rule", rule.id.into()),
        ("address", args.address.trim().into()),
    ];
    fields.extend(
        args.container
            .as_deref()
            .map(|name| ("container", name.into())),
    );
    fields.extend(args.root.as_deref().map(|root| ("root", root.into())));
    fields.push(("reason", args.reason.trim().into()));
    if let Some(until) = args.until {
        let day: Datetime = until.to_string().parse().context("no day")?;
        fields.push(("until", day.into()));
    }
    match table.get_mut("waiver") {
        Some(Item::Value(Value::Array(waivers))) => {
            waivers.push(fields.into_iter().collect::<InlineTable>());
        }
        Some(Item::ArrayOfTables(waivers)) => waivers.push(as_table(fields)),
        Some(_) => bail!("`waiver` of the manifest is no list"),
        None => {
            let mut waivers = toml_edit::ArrayOfTables::new();
            waivers.push(as_table(fields));
            table.insert("waiver", Item::ArrayOfTables(waivers));
        }
    }
    let edited = document.to_string();
    let is_read = config::read(&edited).is_ok_and(|config| !config.waivers.is_empty());
    if !is_read {
        bail!("the manifest is laid out so that nothing can be added; write the waiver by hand");
    }
    Ok(edited)
}

fn as_table(fields: Vec<(&str, Value)>) -> Table {
    let mut table = Table::new();
    for (key, field) in fields {
        table.insert(key, value(field));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(until: Option<&str>) -> WaiveArgs {
        WaiveArgs {
            rule: "ECS:006".to_owned(),
            address: "module.*.this".to_owned(),
            reason: "it writes \"here\"".to_owned(),
            until: until.and_then(Date::parse),
            container: Some("app".to_owned()),
            root: None,
            manifest_path: None,
        }
    }

    fn written(manifest: &str) -> String {
        let rule = crate::selection::find_rule("ECS:006").unwrap();
        edited(manifest, rule, &args(Some("2027-01-31"))).unwrap()
    }

    #[test]
    fn a_waiver_is_added_and_the_rest_stays_as_it_was() {
        let manifest = "# ours\n[workspace]\nmembers = [ \"a\",\n  \"b\" ] # two\n\n[profile.dev]\ndebug = 1\n";
        let first = written(manifest);
        assert!(
            first.contains("members = [ \"a\",\n  \"b\" ] # two\n"),
            "{first}"
        );
        assert!(
            first.contains(
                "[[workspace.metadata.ecs-audit.waiver]]\nrule = \"ECS:006\"\naddress = \"module.*.this\"\n\
                 container = \"app\"\nreason = 'it writes \"here\"'\nuntil = 2027-01-31\n"
            ),
            "{first}"
        );
        let second = written(&first);
        assert_eq!(config::read(&second).unwrap().waivers.len(), 2);
    }

    #[test]
    fn a_waiver_goes_where_the_others_are() {
        for manifest in [
            "[package]\nname = \"a\"\n",
            "[workspace.metadata.ecs-audit]\nplan = \"never\"\nwaiver = []\n",
            "[workspace]\nmetadata = { ecs-audit = { plan = \"never\" } }\n",
            "[workspace]\nmetadata.ecs-audit.plan = \"never\"\n",
            "[workspace.metadata]\necs-audit = { waiver = [] }\n",
        ] {
            let waivers = config::read(&written(manifest)).unwrap().waivers;
            assert_eq!(waivers.len(), 1, "{manifest}");
        }
    }
}
