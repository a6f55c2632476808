//! Plan files in a few bytes, hostile ones among them.

use std::sync::atomic::AtomicUsize;

use super::archive::Archive;
use super::marks::{Step, mark_named, mask};
use super::{OnlyShown, packed};
use crate::terraform::plan::Facts;
use crate::terraform::plan::text::Json;

#[path = "../../../../tests/archive/mod.rs"]
mod archive;

use archive::{STATE, archive, bytes, number, plan, plan_file};

fn refusal(file: &[u8]) -> String {
    let refused = Facts::read_file(file.to_vec(), "p").map(|_| ());
    format!("{:#}", refused.expect_err("it is no plan"))
}

/// A change of one instance, in a plan of its own.
fn change(address: &str, action: u64, values: &[&[u8]], sensitive: &[Vec<u8>]) -> Vec<u8> {
    let mut inner = number(1, action);
    for value in values {
        inner.extend(bytes(2, bytes(1, value)));
    }
    for path in sensitive {
        inner.extend(bytes(4, path));
    }
    let provider = bytes(8, r#"provider["registry.terraform.io/hashicorp/aws"]"#);
    bytes(3, [bytes(13, address), provider, bytes(9, inner)].concat())
}

fn facts(changes: &[Vec<u8>]) -> Facts {
    let message = [plan("1.11.4"), changes.concat()].concat();
    Facts::read_file(plan_file(&message), "p").unwrap()
}

/// A file of an archive, for which its header in the directory is changed at an offset.
fn with_header(offset: usize, change: &[u8]) -> Vec<u8> {
    let mut file = plan_file(&plan("1.11.4"));
    let start = file.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    file[start + offset..start + offset + change.len()].copy_from_slice(change);
    file
}

#[test]
fn an_archive_that_terraform_does_not_write_is_refused() {
    let whole = plan_file(&plan("1.11.4"));
    assert!(Facts::read_file(whole.clone(), "p").is_ok());
    for end in 0..whole.len() {
        assert!(
            Facts::read_file(whole[..end].to_vec(), "p").is_err(),
            "{end}"
        );
    }
    let message = plan("1.11.4");
    let mut damaged = whole.clone();
    let at = damaged.windows(6).position(|at| at == b"1.11.4").unwrap();
    damaged[at] ^= 1;
    let mut twice = vec![("tfplan", &message[..]), ("tfstate", STATE)];
    twice.push(twice[0]);
    let named = |name| archive(&[("tfplan", &message), ("tfstate", STATE), (name, b"")]);
    let cases = [
        (
            b"PK\x03\x04".to_vec(),
            "it is cut short: a zip archive has an end",
        ),
        (damaged, "a file in it is damaged"),
        (archive(&twice), "it has a file twice"),
        (
            named("../x"),
            "a file in it has a name that leads out of it",
        ),
        (named("/x"), "a file in it has a name that leads out of it"),
        (
            named("a\\..\\x"),
            "a file in it has a name that leads out of it",
        ),
        (with_header(8, &[1, 0]), "a file in it is encrypted"),
        (
            with_header(10, &[99, 0]),
            "a file in it is compressed as no plan is",
        ),
        (
            with_header(20, &[9, 0, 0, 0]),
            "its directory does not fit its files",
        ),
        (
            with_header(42, &[9, 0, 0, 0]),
            "its directory does not fit its files",
        ),
        (
            with_header(46, b"T"),
            "its directory does not fit its files",
        ),
        (archive(&[("tfstate", STATE)]), "there is no plan in it"),
        (archive(&[("tfplan", &message)]), "there is no state in it"),
        (
            archive(&[("tfplan", &message), ("tfstate", b"{\"secret\":")]),
            "the state in it is damaged",
        ),
    ];
    for (file, message) in cases {
        assert_eq!(refusal(&file), format!("cannot read the plan p: {message}"));
    }
}

#[test]
fn two_files_in_the_same_place_are_refused() {
    let mut file = archive(&[("tfplan", &plan("1.11.4")), ("tfplam", b"x")]);
    // The second entry is made to lie where the first does, and the first to be of its name.
    let entries: Vec<usize> = (0..file.len() - 4)
        .filter(|&at| file[at..].starts_with(b"PK\x01\x02"))
        .collect();
    let first = file[entries[0]..entries[0] + 46].to_vec();
    file[entries[1]..entries[1] + 46].copy_from_slice(&first);
    file[entries[1] + 51] = b'n';
    assert_eq!(
        refusal(&file),
        "cannot read the plan p: it has a file twice"
    );
    let local = file.windows(6).position(|at| at == b"tfplan").unwrap();
    assert_eq!(&file[local..local + 6], b"tfplan");
}

#[test]
fn a_bomb_is_not_inflated() {
    let packed = miniz_oxide::deflate::compress_to_vec(&[0; 1 << 20], 1);
    let mut file = archive(&[("tfplan", &packed), ("tfstate", STATE)]);
    let entry = file.windows(4).position(|at| at == b"PK\x01\x02").unwrap();
    file[8..10].copy_from_slice(&[8, 0]);
    file[entry + 10..entry + 12].copy_from_slice(&[8, 0]);
    file[entry + 24..entry + 28].copy_from_slice(&(80_u32 << 20).to_le_bytes());
    assert!(refusal(&file).ends_with("its files are too large"));
    // Where it says that it is small, no more than that is inflated.
    file[entry + 24..entry + 28].copy_from_slice(&[16, 0, 0, 0]);
    assert!(refusal(&file).ends_with("a file in it is damaged"));
}

#[test]
fn only_what_is_known_is_read_directly() {
    let with = |more: &[u8]| plan_file(&[&plan("1.11.4"), more].concat());
    let tofu = bytes(8, r#"provider["registry.opentofu.org/hashicorp/aws"]"#);
    let cases = [
        (
            plan_file(&plan("1.12.0")),
            "it was made by Terraform 1.12.0, and the plan files of 1.11 are known here",
        ),
        (
            plan_file(&plan("1.11.0-rc1")),
            "it was made by Terraform 1.11.0-rc1, and the plan files of 1.11 are known here",
        ),
        (
            plan_file(&plan("a secret")),
            "it was made by Terraform of another version, and the plan files of 1.11 are known here",
        ),
        (
            plan_file(&number(1, 4)),
            "its format is one that is not known here",
        ),
        (
            with(&bytes(27, "x")),
            "it has something in it that is not known here",
        ),
        (
            with(&bytes(3, bytes(99, "x"))),
            "it has something in it that is not known here",
        ),
        (
            with(&change("t.x", 4, &[], &[])),
            "it has something in it that is not known here",
        ),
        (with(&bytes(3, tofu)), "it was made by OpenTofu"),
        (
            archive(&[
                ("tfplan", &plan("1.11.4")),
                ("tfstate", br#"{"version":5}"#),
            ]),
            "the state in it is of a format that is not known here",
        ),
    ];
    for (file, why) in cases {
        let error = Facts::read_file(file, "p").map(|_| ()).unwrap_err();
        let only = error.downcast_ref::<OnlyShown>().unwrap().to_string();
        assert!(
            only.ends_with(&format!("show` can read it: {why}")),
            "{only}"
        );
    }
    assert!(refusal(&with(&number(20, 1))).contains("planning failed"));
    assert!(
        refusal(&with(&change("not an address", 1, &[b"\xc0"], &[])))
            .ends_with("its plan is damaged")
    );
    assert!(refusal(&with(&change("t.x", 1, &[], &[]))).ends_with("its plan is damaged"));
    assert!(refusal(&with(&change("t.x", 1, &[b"\x81"], &[]))).ends_with("its plan is damaged"));
    assert!(refusal(&with(b"\x12\x7f")).ends_with("its plan is damaged"));
}

#[test]
fn what_stays_or_comes_is_kept_with_the_value_that_it_will_have() {
    let old: &[u8] = b"\x81\xa1a\xc2";
    let new: &[u8] = b"\x81\xa1a\xc3";
    let facts = facts(&[
        change("t.same", 0, &[new], &[]),
        change("t.new", 1, &[new], &[]),
        change("data.t.read", 2, &[old, new], &[]),
        change("t.changed", 3, &[old, new], &[]),
        change("t.gone", 5, &[old], &[]),
        change("module.m[\"x.y[0]\"].t.replaced[0]", 6, &[old, new], &[]),
        change("t.replaced_first", 7, &[old, new], &[]),
        change("t.forgotten", 8, &[old], &[]),
        change("t.replaced_and_forgotten", 9, &[old, new], &[]),
    ]);
    let kept: Vec<_> = facts.instances().map(|instance| &*instance.name).collect();
    assert_eq!(
        kept.join(" "),
        "read replaced changed new replaced_and_forgotten replaced_first same"
    );
    let module = facts.planned("module.m[\"x.y[0]\"].t.replaced[0]").unwrap();
    assert_eq!(&*module.module, "module.m[\"x.y[0]\"]");
    assert!(facts.planned("data.t.read").unwrap().data);
    for instance in facts.instances() {
        let value = facts.attributes(&instance.address).unwrap();
        assert!(format!("{value:?}").contains("Bool(true)"));
    }
}

fn read(bytes: &[u8]) -> Json<'_> {
    packed::value(bytes, &AtomicUsize::new(1000))
}

#[test]
fn every_form_of_a_value_is_read() {
    let cases: [(&[u8], Json<'_>); 17] = [
        (b"\xc0", Json::Null),
        (b"\xc3", Json::Bool(true)),
        (b"\x7f", Json::Number("127".into())),
        (b"\xff", Json::Number("-1".into())),
        (b"\xcd\x01\x00", Json::Number("256".into())),
        (
            b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            Json::Number("18446744073709551615".into()),
        ),
        (b"\xd1\xff\x00", Json::Number("-256".into())),
        (
            b"\xd3\x80\0\0\0\0\0\0\0",
            Json::Number("-9223372036854775808".into()),
        ),
        (b"\xca\x3f\x00\x00\x00", Json::Number("0.5".into())),
        (
            b"\xcb\x3f\xe6\x66\x66\x66\x66\x66\x66",
            Json::Number("0.7".into()),
        ),
        (b"\xa3abc", Json::String("abc".into())),
        (b"\xd9\x01a", Json::String("a".into())),
        (b"\xd4\x00\x00", Json::Unknown),
        (b"\xc7\x03\x0c\x81\x01\xc2", Json::Unknown),
        (
            b"\x92\xc2\xc3",
            Json::Array(vec![Json::Bool(false), Json::Bool(true)]),
        ),
        (b"\xdc\x00\x01\xc0", Json::Array(vec![Json::Null])),
        // A value with its type: what is a text otherwise is a number.
        (
            b"\x92\xc4\x11[\"list\",\"number\"]\x91\xa30.7",
            Json::Array(vec![Json::Number("0.7".into())]),
        ),
    ];
    for (bytes, value) in cases {
        assert!(packed::is_well_formed(bytes), "{bytes:?}");
        assert_eq!(read(bytes), value, "{bytes:?}");
    }
    let object = b"\x92\xc4\x32[\"object\",{\"a\":\"number\",\"b\":[\"tuple\",[\"string\"]]}]\x82\xa1a\xa31.5\xa1b\x91\xa31.5";
    let value = read(object);
    assert_eq!(value.entry("a"), Some(&Json::Number("1.5".into())));
    assert_eq!(
        value.entry("b"),
        Some(&Json::Array(vec![Json::String("1.5".into())]))
    );
    for broken in [
        &b""[..],
        b"\xc1",
        b"\xa3ab",
        b"\xa1\xff",
        b"\x91",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff\xc0",
        b"\xd4\x05\x00",
        b"\xc0\xc0",
        b"\xcb\x7f\xf0\0\0\0\0\0\0",
    ] {
        assert!(!packed::is_well_formed(broken), "{broken:?}");
        read(broken);
    }
}

#[test]
fn depth_and_size_harm_nothing() {
    let deep = [vec![0x91; 200_000], vec![0xc0]].concat();
    let wide = [&b"\xdd\x00\x80\x00\x00"[..], &vec![0xc0; 0x80_0000]].concat();
    assert!(packed::is_well_formed(&deep) && packed::is_well_formed(&wide));
    let left = AtomicUsize::new(1 << 20);
    packed::value(&deep, &left);
    assert_eq!(packed::value(&wide, &left), Json::PastBounds);
    // Types in types cost no more than their bytes.
    let typed = [b"\x92\xc4\x02{}".repeat(100_000), vec![0xc0]].concat();
    packed::value(&typed, &left);
    let facts = facts(&[
        change("t.x", 1, &[&wide], &[]),
        change("t.y", 1, &[&deep], &[]),
    ]);
    assert!(facts.attributes("t.x").is_some() && facts.attributes("t.y").is_some());
}

#[test]
fn what_is_sensitive_is_marked_where_its_path_ends() {
    let value = Json::read(r#"{"a":{"b":1,"c":2},"l":[1,2,3],"s":["x"]}"#);
    let key = |name: &'static str| Step::Key(name.into());
    let masked = |path: Vec<Step<'static>>| format!("{:?}", mask(&value, [path].into_iter()));
    let expected = |text: &'static str| format!("{:?}", Json::read(text));
    assert_eq!(
        masked(vec![key("a"), key("b")]),
        expected(r#"{"a":{"b":true}}"#)
    );
    assert_eq!(
        masked(vec![key("l"), Step::Index(1)]),
        expected(r#"{"l":[null,true]}"#)
    );
    assert_eq!(masked(vec![key("s"), key("x")]), expected(r#"{"s":true}"#));
    assert_eq!(masked(vec![]), expected("true"));
    for absent in [
        vec![key("z")],
        vec![key("l"), Step::Index(usize::MAX)],
        vec![key("a"), key("b"), key("c")],
    ] {
        assert!(!masked(absent).contains("true"));
    }
}

#[test]
fn what_the_provider_keeps_secret_is_marked_though_the_plan_does_not_say_so() {
    let new: &[u8] = b"\x81\xa5value\xa1s";
    let facts = facts(&[change("aws_ssm_parameter.p", 6, &[b"\xc0", new], &[])]);
    let value = format!("{:?}", facts.attributes("aws_ssm_parameter.p").unwrap());
    assert!(value.contains("`aws_ssm_parameter.p.value`, marked sensitive in the plan"));
    let inner = [
        number(1, 6),
        bytes(2, bytes(1, b"\xc0")),
        bytes(2, bytes(1, new)),
    ]
    .concat();
    let provider = bytes(8, r#"provider["registry.terraform.io/hashicorp/random"]"#);
    let of_another = bytes(
        3,
        [bytes(13, "random_x.x"), provider, bytes(9, inner)].concat(),
    );
    let file = plan_file(&[plan("1.11.4"), of_another].concat());
    assert!(refusal(&file).contains("only `terraform show` can read it: it replaces a resource"));
    let listed = Json::read(r#"{"action":[{"a":[{"s":"x"}]},{"a":[]}]}"#);
    let mut mask = Json::Null;
    mark_named(&mut mask, &listed, &["action", "a", "s"]);
    assert_eq!(
        mask,
        Json::read(r#"{"action":[{"a":[{"s":true}]},{"a":[]}]}"#)
    );
}

#[test]
fn a_path_through_an_element_without_a_name_ends_before_it() {
    let attribute = |name: &str| bytes(1, bytes(1, name));
    let element = |value: &[u8]| bytes(1, bytes(2, bytes(1, value)));
    let value: &[u8] = b"\x81\xa1l\x92\x81\xa1a\xc3\xc2";
    let marked = |path: Vec<u8>| {
        let facts = facts(&[change("t.x", 1, &[value], &[path])]);
        format!("{:?}", facts.attributes("t.x").unwrap())
            .matches("marked sensitive")
            .count()
    };
    let index = element(b"\x92\xc4\x08\"number\"\x00");
    assert_eq!(marked([attribute("l"), index, attribute("a")].concat()), 1);
    let object = element(b"\x92\xc4\x02{}\x81\xa1a\xc3");
    let whole = marked([attribute("l"), object, attribute("a")].concat());
    assert_eq!(whole, marked(attribute("l")));
}

#[test]
fn a_plan_file_with_any_bytes_changed_harms_nothing() {
    let file = include_bytes!("../../../../tests/plans/first.tfplan");
    let whole = Archive::read(file.to_vec()).unwrap();
    let names: Vec<String> = whole.names().map(str::to_owned).collect();
    let mut files: Vec<Vec<u8>> = Vec::new();
    for name in &names {
        files.push(whole.file(name).unwrap().unwrap());
    }
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for round in 0..60 {
        let mut raw = file.to_vec();
        let mut changed = files.clone();
        for _ in 0..=round % 3 {
            let at = random(raw.len());
            raw[at] = random(256) as u8;
            let of = random(changed.len());
            let at = random(changed[of].len());
            changed[of][at] = random(256) as u8;
        }
        let inner: Vec<(&str, &[u8])> = names
            .iter()
            .zip(&changed)
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        for bytes in [raw, archive(&inner)] {
            let Ok(facts) = Facts::read_file(bytes, "p") else {
                continue;
            };
            let _ = facts.variable("password");
            for instance in facts.instances() {
                let _ = facts.instance(&instance.address);
            }
        }
    }
}
