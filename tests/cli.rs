//! The command line, case by case: each flag, each exit code, each error.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

#[test]
fn the_command_line_does_what_its_cases_show() {
    trycmd::TestCases::new()
        // What is in the environment of who runs the tests must not change what they see.
        .env("NO_COLOR", "1")
        .env("TF_WORKSPACE", "")
        .env("GITHUB_STEP_SUMMARY", "")
        // The first of June 2026.
        .env("SOURCE_DATE_EPOCH", "1780272000")
        .case("tests/cmd/*.md")
        .case("tests/cmd/*.toml");
}
