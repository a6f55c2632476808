//! Which instances there are.

use super::*;

#[test]
fn the_plan_decides_how_many_there_are() {
    let source = r#"
resource "t" "counted" {
  count = data.z.z.count
  name  = "n${count.index}"
}
resource "t" "each" {
  for_each = data.z.z.names
  name     = each.key
}
resource "t" "none" {
  count = data.z.z.none
}
"#;
    let plan = [
        change("t.counted[0]", r#"{"name":"n0"}"#, "{}"),
        change("t.counted[1]", r#"{"name":"n1"}"#, "{}"),
        change("t.each[\"a\"]", r#"{"name":"a"}"#, "{}"),
    ];
    let joined = joined(source, &plan.join(","));
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["t.counted[0]", "t.counted[1]", "t.each[\"a\"]"]);
    assert!(
        joined
            .0
            .instances
            .iter()
            .all(|one| one.presence.is_certain())
    );
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(attribute(&joined, "t.each[\"a\"]", "name"), "a");
}

#[test]
fn instances_of_which_only_one_of_them_knows_are_said() {
    let source = "resource \"t\" \"a\" {}\nresource \"t\" \"b\" {}\ndata \"t\" \"d\" {}\n";
    let plan = [
        change("t.a", "{}", "{}"),
        change("t.c", "{}", "{}"),
        change("aws_s3_bucket.d", "{}", "{}"),
    ];
    let joined = joined(source, &plan.join(","));
    assert_eq!(
        disagreements(&joined),
        [
            "t.b: there at resource \"t\" \"b\", not there in the plan",
            "t.c: not there at nowhere, there in the plan",
        ]
    );
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["data.t.d", "t.a", "t.b", "t.c"]);
}

#[test]
fn a_plan_that_makes_nothing_of_the_source_takes_nothing_away() {
    let source =
        "resource \"t\" \"a\" {}\nresource \"t\" \"b\" { count = timestamp() == \"\" ? 0 : 1 }\n";
    let joined = joined(source, "");
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["t.a", "t.b"]);
    assert_eq!(joined.0.notes.len(), 1);
    assert!(joined.0.notes[0].starts_with("the plan has none of the resources of the source"));
}

#[test]
fn what_a_plan_defers_is_not_missed() {
    let source = "resource \"t\" \"a\" {}\nresource \"t\" \"b\" {}\n";
    let plan = format!(
        r#"{{"format_version":"1.2","complete":false,"resource_changes":[{}],"deferred_changes":[]}}"#,
        change("t.a", "{}", "{}")
    );
    let joined = joined_with(source, &plan);
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(joined.0.instances.len(), 2);
    assert_eq!(
        joined.0.notes,
        ["the plan is not complete: what it leaves out is from the source alone"]
    );
}

#[test]
fn without_source_the_plan_is_all_there_is() {
    let plan = [
        change("t.a", r#"{"x":"1"}"#, "{}"),
        change("aws_s3_bucket.b", "{}", "{}"),
    ];
    let joined = joined("", &plan.join(","));
    assert_eq!(attribute(&joined, "t.a", "x"), "1");
    assert_eq!(joined.0.instances.len(), 1);
    assert_eq!(
        joined.0.notes,
        ["1 resource is in the plan without source: no places for them"]
    );
    assert_eq!(disagreements(&joined), Vec::<String>::new());
}

#[test]
fn a_plan_of_something_else_is_cut_short() {
    let changes: Vec<_> = (0..150)
        .map(|n| change(&format!("t.r{n}"), "{}", "{}"))
        .collect();
    let joined = joined("resource \"t\" \"x\" {}\n", &changes.join(","));
    assert_eq!(joined.0.disagreements.len(), 100);
    assert_eq!(
        joined.0.notes,
        ["plan and source disagree in 51 more places"]
    );
}
