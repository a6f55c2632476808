//! The catalogues of others, and what they call what our rules ask for.

use super::Rule;

/// A catalogue of requirements that has ids of its own for what some of the rules ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Catalogue {
    /// The controls of AWS Security Hub.
    SecurityHub,
    /// The managed rules of AWS Config.
    AwsConfig,
    /// The proactive controls of AWS Control Tower.
    ControlTower,
    /// The checks of Checkov.
    Checkov,
    /// The checks of Trivy.
    Trivy,
    /// The queries of KICS, by the first eight digits of their ids.
    Kics,
}

impl Catalogue {
    /// Every catalogue, in the order in which they are listed.
    pub const ALL: [Catalogue; 6] = [
        Catalogue::SecurityHub,
        Catalogue::AwsConfig,
        Catalogue::ControlTower,
        Catalogue::Checkov,
        Catalogue::Trivy,
        Catalogue::Kics,
    ];

    /// What it is called in a sentence: "Security Hub".
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Catalogue::SecurityHub => "Security Hub",
            Catalogue::AwsConfig => "AWS Config",
            Catalogue::ControlTower => "Control Tower",
            Catalogue::Checkov => "Checkov",
            Catalogue::Trivy => "Trivy",
            Catalogue::Kics => "KICS",
        }
    }

    /// What it is called on the command line: `security-hub`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Catalogue::SecurityHub => "security-hub",
            Catalogue::AwsConfig => "aws-config",
            Catalogue::ControlTower => "control-tower",
            Catalogue::Checkov => "checkov",
            Catalogue::Trivy => "trivy",
            Catalogue::Kics => "kics",
        }
    }
}

impl Rule {
    /// What a catalogue calls it: `ECS.4`.
    pub fn known_in(&self, catalogue: Catalogue) -> impl Iterator<Item = &'static str> {
        let names = self.also_known_as.iter();
        names.filter_map(move |name| name.strip_prefix(catalogue.title())?.strip_prefix(' '))
    }

    /// Whether it proposes a fix: its page then shows one.
    #[must_use]
    pub fn proposes_a_fix(&self) -> bool {
        // What is printed has the title of a fix at the beginning of a line; doc comments have a space there.
        self.page.lines().any(|line| line.starts_with(" help: "))
    }
}
