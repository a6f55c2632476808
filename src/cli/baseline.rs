//! `cargo ecs-audit baseline`: records what fails today.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use clap::ArgMatches;

use super::arguments::BaselineArgs;
use super::output::{Stopped, nothing_found, of_none, print, tell};
use super::prepare::{Prepared, prepare};
use crate::audit;
use crate::console::Console;
use crate::exit::Exit;
use crate::fix;
use crate::policy::Level;
use crate::report::{Judged, Rendering};
use crate::verdict::Outcome;
use crate::waiver::{BASELINE, Baseline, Known};

/// Reads the baseline of a workspace; an empty one where there is none.
///
/// # Errors
/// There is one, and it cannot be read.
pub(super) fn read(workspace: &Path) -> Result<Baseline> {
    let path = workspace.join(BASELINE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Baseline::default());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{BASELINE}`")),
    };
    Baseline::parse(&text).map_err(|(message, place)| {
        let before = place.and_then(|span| text.get(..span.start as usize));
        let line = before.map(|before| before.lines().count().max(1));
        let line = line.map_or_else(String::new, |line| format!(":{line}"));
        anyhow!("`{BASELINE}{line}` is no baseline: {message}")
    })
}

/// Records what fails, or takes out what does not fail any more.
pub(super) fn baseline(
    args: &BaselineArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let Prepared {
        current,
        found,
        mut request,
        ..
    } = prepare(&args.audit, matches, console)?;
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(&found))?;
        return tell(
            &of_none(&found),
            &[],
            Rendering::default(),
            &current,
            console,
        );
    }
    let known = read(&request.workspace).map_err(|error| Stopped::usage(&error))?;
    let mut is_all = false;
    if let Some(waivers) = &mut request.waivers {
        waivers.baseline = Baseline::default();
        is_all = std::mem::take(&mut waivers.all_audited);
    }
    let report = audit::audit(&found.modules, &request);
    if let Some(root) = report.roots.iter().find(|root| root.failure.is_some()) {
        let failure = root.failure.as_deref().unwrap_or_default();
        let error = anyhow!("`{}` could not be audited: {failure}", root.path);
        return Err(Stopped::unfinished(&error));
    }
    let mut next = Baseline::default();
    for root in &report.roots {
        for judged in root.verdicts.iter().filter(|judged| is_failure(judged)) {
            if !args.prune || known.known.contains_key(&judged.fingerprint) {
                let entry = Known {
                    root: root.path.to_string(),
                    rule: judged.rule.id.to_owned(),
                    address: judged.address.to_string(),
                    container: judged.container.as_ref().map(Arc::to_string),
                    span: None,
                };
                next.known.insert(judged.fingerprint.clone(), entry);
            }
        }
    }
    // What was not looked at is neither mended nor new.
    let wanted =
        |rule: &str| request.only.is_empty() || request.only.iter().any(|wanted| wanted.id == rule);
    let audited = |entry: &Known| {
        let root = report.roots.iter().find(|root| *root.path == *entry.root);
        match root {
            // Only a part was wanted, or only a part could be read.
            Some(root) => {
                args.audit.packages.is_empty() && root.unread.is_empty() && wanted(&entry.rule)
            }
            // A root module that is not there any more.
            None => is_all,
        }
    };
    let others = known.known.iter().filter(|(_, entry)| !audited(entry));
    next.known
        .extend(others.map(|(fingerprint, entry)| (fingerprint.clone(), entry.clone())));
    let gone = known
        .known
        .keys()
        .filter(|fingerprint| !next.known.contains_key(*fingerprint))
        .count();
    fix::write(
        &request.workspace.join(BASELINE),
        &known.text,
        &next.render(),
    )
    .map_err(|error| Stopped::unfinished(&error))?;
    let line = format!(
        "    Recorded {} that {} in `{BASELINE}`; {gone} taken out\n",
        next.known.len(),
        if next.known.len() == 1 {
            "fails"
        } else {
            "fail"
        },
    );
    print(&mut console.messages, &line)?;
    Ok(Exit::Clean)
}

/// Whether something is to be recorded: what fails, and what is denied though it is undecided.
fn is_failure(judged: &Judged) -> bool {
    judged.is_told() && (judged.outcome == Outcome::Fail || judged.level == Level::Deny)
}
