//! The report as a page in a real browser: it renders, filters, links and prints, in light and dark, without a word on
//! the console.
//!
//! It needs Chromium; where there is none it skips and says so, unless `ECS_AUDIT_REQUIRE_BROWSER=1`. With
//! `ECS_AUDIT_AXE` naming the file of axe (`axe.min.js`), nothing on the page may hinder anyone.

#![allow(clippy::panic, clippy::print_stderr, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

/// The names that Chromium goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = browser() else {
        assert!(
            std::env::var("ECS_AUDIT_REQUIRE_BROWSER").as_deref() != Ok("1"),
            "there is no Chromium"
        );
        eprintln!("skipped: there is no Chromium");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.html");
    write_report(&report);
    let harness = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/harness.html");
    fs::copy(harness, directory.path().join("harness.html")).unwrap();
    let axe = with_axe(&report, &directory.path().join("accessible.html"));
    let sheet = directory.path().join("checklist.html");
    write_checklist(&sheet);
    with_axe(&sheet, &directory.path().join("accessible-checklist.html"));
    thread::scope(|scope| {
        let (browser, directory, report) = (&browser, directory.path(), &report);
        let dark = scope.spawn(move || use_page(browser, directory, "dark", axe));
        use_page(browser, directory, "light", axe);
        print(browser, directory, report, 20);
        print(browser, directory, &sheet, 10);
        dark.join().unwrap();
    });
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut files = NAMES
        .iter()
        .flat_map(|name| places.iter().map(move |place| place.join(name)));
    files.find(|file| file.is_file())
}

/// Audits a workspace with two root modules, as the command does.
fn write_report(file: &Path) {
    let audited = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(["--plan", "never", "--show-passes", "--quiet", "--format"])
        .arg(format!("html={}", file.display()))
        .current_dir(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/monorepo"
        ))
        .output()
        .unwrap();
    assert_eq!(audited.status.code(), Some(100), "{audited:?}");
}

/// Writes the release checklist of the same workspace.
fn write_checklist(file: &Path) {
    let audited = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(["checklist", "--plan", "never", "--quiet", "--format"])
        .arg(format!("html={}", file.display()))
        .current_dir(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/monorepo"
        ))
        .output()
        .unwrap();
    assert_eq!(audited.status.code(), Some(100), "{audited:?}");
}

/// Writes the page again with axe in it, which its policy would not let in. Whether there is one.
fn with_axe(report: &Path, file: &Path) -> bool {
    let Some(axe) = std::env::var_os("ECS_AUDIT_AXE") else {
        return false;
    };
    let page = fs::read_to_string(report).unwrap();
    let axe = fs::read_to_string(axe).unwrap();
    let (before, policy) = page.split_once("<meta http-equiv").unwrap();
    let (_, after) = policy.split_once('>').unwrap();
    fs::write(file, format!("{before}{after}<script>{axe}</script>")).unwrap();
    true
}

/// Does to the page what `harness.html` says, and expects what it expects.
fn use_page(browser: &Path, directory: &Path, scheme: &str, axe: bool) {
    let setting = match scheme {
        "dark" => "--blink-settings=preferredColorScheme=0",
        _ => "--blink-settings=preferredColorScheme=1",
    };
    let axe = if axe { "&axe" } else { "" };
    let address = format!(
        "file://{}/harness.html?scheme={scheme}{axe}",
        directory.display()
    );
    let arguments = [
        "--allow-file-access-from-files",
        "--virtual-time-budget=60000",
        "--window-size=1280,1000",
        setting,
        "--dump-dom",
        &address,
    ];
    let output = run(browser, &directory.join(scheme), &arguments);
    let page = String::from_utf8_lossy(&output.stdout);
    let said = page.split_once("<pre id=\"said\">").map(|(_, rest)| rest);
    let said = said.and_then(|rest| rest.split_once("</pre>"));
    let said = said.map_or("", |(said, _)| said);
    assert!(
        said.ends_with("done\n") && !said.contains("FAILS"),
        "{scheme}: {said}\n{output:?}"
    );
    assert!(said.matches("holds: ").count() > 25, "{said}");
    is_silent(&output);
}

/// Prints the page: with everything open it takes many sheets, more than so many.
fn print(browser: &Path, directory: &Path, report: &Path, least: usize) {
    let file = directory.join("report.pdf");
    let arguments = [
        format!("--print-to-pdf={}", file.display()),
        "--no-pdf-header-footer".to_owned(),
        format!("file://{}", report.display()),
    ];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = run(browser, &directory.join("print"), &arguments);
    is_silent(&output);
    let printed = fs::read(&file).unwrap();
    assert!(printed.starts_with(b"%PDF-"));
    let pages = String::from_utf8_lossy(&printed)
        .matches("/Type /Page\n")
        .count();
    assert!(pages > least, "{pages} pages");
}

fn run(browser: &Path, profile: &Path, arguments: &[&str]) -> Output {
    let fixed = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--enable-logging=stderr",
    ];
    let output = Command::new(browser)
        .args(fixed)
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    output
}

/// Whether nothing was said on the console: no error, nothing that the policy refused.
fn is_silent(output: &Output) {
    let log = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    assert!(said.is_empty(), "{said:#?}");
}
