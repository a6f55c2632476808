//! The command line, case by case: each flag, each exit code, each error.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

#[test]
fn the_command_line_does_what_its_cases_show() {
    // Hints are for people.
    cases("true")
        .case("tests/cmd/*.md")
        .case("tests/cmd/*.toml");
}

#[test]
fn a_person_is_told_what_a_first_run_found() {
    cases("").case("tests/cmd/first-run/*.md");
}

/// No cases yet, in a CI or not.
fn cases(ci: &str) -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    cases
        // What is in the environment of who runs the tests must not change what they see.
        .env("CI", ci)
        .env("NO_COLOR", "1")
        .env("TF_WORKSPACE", "")
        .env("GITHUB_STEP_SUMMARY", "")
        // The first of June 2026.
        .env("SOURCE_DATE_EPOCH", "1780272000")
        // What `init` writes where the audit is built from a checkout.
        .insert_var("[CHECKOUT]", env!("CARGO_MANIFEST_DIR"))
        .unwrap();
    cases
}
