//! The list of functions: their names, what they take, and what computes them.
//!
//! A new function is a line here and a plain function in the file of its idea.

use super::function::Function;
use super::signature::{Parameter, Takes};
use super::{
    collections, combining, conversion, encoding, ends, files, formatting, hashes, lookup, network,
    numbers, regex, replacing, selecting, sets, splitting, strings, time,
};
use Takes::{
    Any, Bool, ListOfAny, ListOfBools, ListOfStrings, MapOfStringLists, Number, SetOfAny,
    SetOfStrings, String,
};

const fn p(name: &'static str, takes: Takes) -> Parameter {
    Parameter::new(name, takes)
}

const STR: &[Parameter] = &[p("str", String)];
const NUM: &[Parameter] = &[p("num", Number)];
const PATH: &[Parameter] = &[p("path", String).by_parts()];
const VALUE: &[Parameter] = &[p("value", Any).nullable().by_parts()];
const MARKED: &[Parameter] = &[p("value", Any).nullable().with_own_marks()];
const ANY_LIST: &[Parameter] = &[p("list", Any)];

const RUN: &str = "it is decided when Terraform runs";

/// Every function, sorted by name. `try`, `can`, `templatefile` and `templatestring` need the syntax of
/// their arguments and are not here.
pub(super) const FUNCTIONS: &[Function] = &[
    Function::known("abs", NUM, Number, numbers::abs),
    Function::known("abspath", &[p("path", String)], String, files::abspath),
    Function::partial("alltrue", &[p("list", ListOfBools)], collections::alltrue).ending_secrets(),
    Function::partial("anytrue", &[p("list", ListOfBools)], collections::anytrue).ending_secrets(),
    Function::known(
        "base64decode",
        &[p("str", String).by_parts()],
        String,
        encoding::base64decode,
    ),
    Function::known("base64encode", STR, String, encoding::base64encode),
    Function::never(
        "base64gzip",
        STR,
        String,
        "`base64gzip` is not computed here",
    ),
    Function::known("base64sha256", STR, String, hashes::base64sha256).ending_secrets(),
    Function::known("base64sha512", STR, String, hashes::base64sha512).ending_secrets(),
    Function::known("basename", &[p("path", String)], String, files::basename),
    Function::never("bcrypt", STR, String, RUN)
        .and(p("cost", Number))
        .ending_secrets(),
    Function::known("ceil", NUM, Number, numbers::ceil),
    Function::known("chomp", STR, String, ends::chomp),
    Function::partial(
        "chunklist",
        &[
            p("list", ListOfAny).by_parts(),
            p("size", Number).by_parts(),
        ],
        selecting::chunklist,
    ),
    Function::known(
        "cidrhost",
        &[p("prefix", String), p("hostnum", Number)],
        String,
        network::cidrhost,
    ),
    Function::known(
        "cidrnetmask",
        &[p("prefix", String)],
        String,
        network::cidrnetmask,
    ),
    Function::known(
        "cidrsubnet",
        &[
            p("prefix", String),
            p("newbits", Number),
            p("netnum", Number),
        ],
        String,
        network::cidrsubnet,
    ),
    Function::known(
        "cidrsubnets",
        &[p("prefix", String)],
        ListOfStrings,
        network::cidrsubnets,
    )
    .and(p("newbits", Number)),
    Function::partial("coalesce", &[], lookup::coalesce)
        .and(p("vals", Any).nullable())
        .of_alternatives(),
    Function::partial("coalescelist", &[], lookup::coalescelist)
        .and(p("vals", Any).nullable())
        .of_alternatives(),
    Function::partial("compact", &[p("list", ListOfStrings)], collections::compact),
    Function::partial("concat", &[], combining::concat)
        .and(p("seqs", Any).by_parts())
        .of_alternatives(),
    Function::partial(
        "contains",
        &[p("list", Any), p("value", Any).nullable()],
        collections::contains,
    )
    .ending_secrets(),
    Function::known("csvdecode", STR, Any, encoding::csvdecode),
    Function::known("dirname", &[p("path", String)], String, files::dirname),
    Function::partial("distinct", &[p("list", ListOfAny)], collections::distinct),
    Function::partial(
        "element",
        &[p("list", Any).by_parts(), p("index", Number)],
        lookup::element,
    ),
    Function::partial(
        "endswith",
        &[p("str", String), p("suffix", String)],
        ends::endswith,
    )
    .ending_secrets(),
    Function::partial("ephemeralasnull", MARKED, conversion::ephemeralasnull).of_alternatives(),
    Function::known("file", PATH, String, files::file),
    Function::known("filebase64", PATH, String, files::filebase64),
    Function::known("filebase64sha256", PATH, String, files::filebase64sha256),
    Function::known("filebase64sha512", PATH, String, files::filebase64sha512),
    Function::known("fileexists", PATH, Bool, files::fileexists),
    Function::known("filemd5", PATH, String, files::filemd5),
    Function::known(
        "fileset",
        &[
            p("path", String).by_parts(),
            p("pattern", String).by_parts(),
        ],
        SetOfStrings,
        files::fileset,
    ),
    Function::known("filesha1", PATH, String, files::filesha1),
    Function::known("filesha256", PATH, String, files::filesha256),
    Function::known("filesha512", PATH, String, files::filesha512),
    Function::partial("flatten", &[p("list", Any).by_parts()], combining::flatten),
    Function::known("floor", NUM, Number, numbers::floor),
    Function::partial("format", &[p("format", String)], formatting::format)
        .and(p("args", Any).nullable()),
    Function::known(
        "formatdate",
        &[p("format", String), p("time", String)],
        String,
        time::formatdate,
    ),
    Function::partial("formatlist", &[p("format", String)], formatting::formatlist)
        .and(p("args", Any).nullable()),
    Function::partial(
        "indent",
        &[p("spaces", Number), p("str", String)],
        strings::indent,
    ),
    Function::partial(
        "index",
        &[p("list", Any), p("value", Any)],
        collections::index,
    )
    .ending_secrets(),
    Function::partial("issensitive", MARKED, conversion::issensitive)
        .ending_secrets()
        .of_alternatives(),
    Function::partial("join", &[p("separator", String)], splitting::join)
        .and(p("lists", ListOfStrings)),
    Function::partial("jsondecode", STR, encoding::jsondecode),
    Function::partial(
        "jsonencode",
        &[p("val", Any).nullable()],
        encoding::jsonencode,
    )
    .of_alternatives(),
    Function::partial("keys", &[p("inputMap", Any).by_parts()], lookup::keys),
    Function::partial("length", &[p("value", Any).by_parts()], collections::length)
        .ending_secrets(),
    Function::known(
        "log",
        &[p("num", Number), p("base", Number)],
        Number,
        numbers::log,
    ),
    Function::partial(
        "lookup",
        &[p("inputMap", Any).by_parts(), p("key", String).by_parts()],
        lookup::lookup,
    )
    .and(p("default", Any).nullable().by_parts()),
    Function::partial("lower", STR, strings::lower),
    Function::partial(
        "matchkeys",
        &[
            p("values", ListOfAny),
            p("keys", ListOfAny),
            p("searchset", ListOfAny),
        ],
        selecting::matchkeys,
    )
    .flowing_secrets(),
    Function::known("max", &[], Number, numbers::max).and(p("numbers", Number)),
    Function::known("md5", STR, String, hashes::md5).ending_secrets(),
    Function::partial("merge", &[], combining::merge)
        .and(p("maps", Any).nullable().by_parts())
        .of_alternatives(),
    Function::known("min", &[], Number, numbers::min).and(p("numbers", Number)),
    Function::partial("nonsensitive", MARKED, conversion::nonsensitive).of_alternatives(),
    Function::partial("one", ANY_LIST, lookup::one),
    Function::partial(
        "parseint",
        &[p("number", Any), p("base", Number)],
        numbers::parseint,
    )
    .flowing_secrets(),
    Function::known(
        "pathexpand",
        &[p("path", String)],
        String,
        files::pathexpand,
    ),
    Function::never("plantimestamp", &[], String, RUN),
    Function::known(
        "pow",
        &[p("num", Number), p("power", Number)],
        Number,
        numbers::pow,
    ),
    Function::known("range", &[], ListOfAny, numbers::range).and(p("params", Number)),
    Function::partial(
        "regex",
        &[p("pattern", String), p("string", String)],
        regex::regex,
    )
    .flowing_secrets(),
    Function::partial(
        "regexall",
        &[p("pattern", String), p("string", String)],
        regex::regexall,
    )
    .flowing_secrets(),
    Function::partial(
        "replace",
        &[p("str", String), p("substr", String), p("replace", String)],
        replacing::replace,
    ),
    Function::partial("reverse", &[p("list", Any).by_parts()], selecting::reverse),
    Function::never(
        "rsadecrypt",
        &[p("ciphertext", String), p("privatekey", String)],
        String,
        "`rsadecrypt` is not computed here",
    ),
    Function::partial("sensitive", MARKED, conversion::sensitive).of_alternatives(),
    Function::partial(
        "setintersection",
        &[p("first_set", SetOfAny)],
        sets::setintersection,
    )
    .and(p("other_sets", SetOfAny)),
    Function::partial("setproduct", &[], sets::setproduct).and(p("sets", Any).by_parts()),
    Function::partial(
        "setsubtract",
        &[p("a", SetOfAny), p("b", SetOfAny)],
        sets::setsubtract,
    ),
    Function::partial("setunion", &[p("first_set", SetOfAny)], sets::setunion)
        .and(p("other_sets", SetOfAny)),
    Function::known("sha1", STR, String, hashes::sha1).ending_secrets(),
    Function::known("sha256", STR, String, hashes::sha256).ending_secrets(),
    Function::known("sha512", STR, String, hashes::sha512).ending_secrets(),
    Function::known("signum", NUM, Number, numbers::signum),
    Function::partial(
        "slice",
        &[
            p("list", Any).by_parts(),
            p("start_index", Number),
            p("end_index", Number),
        ],
        selecting::slice,
    ),
    Function::partial("sort", &[p("list", ListOfStrings)], selecting::sort),
    Function::partial(
        "split",
        &[p("separator", String), p("str", String)],
        splitting::split,
    ),
    Function::partial(
        "startswith",
        &[p("str", String), p("prefix", String)],
        ends::startswith,
    )
    .ending_secrets(),
    Function::partial(
        "strcontains",
        &[p("str", String), p("substr", String)],
        ends::strcontains,
    )
    .ending_secrets(),
    Function::known("strrev", STR, String, strings::strrev),
    Function::partial(
        "substr",
        &[p("str", String), p("offset", Number), p("length", Number)],
        strings::substr,
    ),
    Function::partial("sum", ANY_LIST, numbers::sum).flowing_secrets(),
    Function::known(
        "textdecodebase64",
        &[p("source", String), p("encoding", String)],
        String,
        encoding::textdecodebase64,
    ),
    Function::known(
        "textencodebase64",
        &[p("string", String), p("encoding", String)],
        String,
        encoding::textencodebase64,
    ),
    Function::known(
        "timeadd",
        &[p("timestamp", String), p("duration", String)],
        String,
        time::timeadd,
    ),
    Function::known(
        "timecmp",
        &[p("timestamp_a", String), p("timestamp_b", String)],
        Number,
        time::timecmp,
    ),
    Function::never("timestamp", &[], String, RUN),
    Function::known("title", STR, String, strings::title),
    Function::partial("tobool", VALUE, conversion::tobool),
    Function::partial("tolist", VALUE, conversion::tolist),
    Function::partial("tomap", VALUE, conversion::tomap),
    Function::partial("tonumber", VALUE, conversion::tonumber),
    Function::partial("toset", VALUE, conversion::toset),
    Function::partial("tostring", VALUE, conversion::tostring),
    Function::known(
        "transpose",
        &[p("values", MapOfStringLists)],
        MapOfStringLists,
        selecting::transpose,
    ),
    Function::known(
        "trim",
        &[p("str", String), p("cutset", String)],
        String,
        ends::trim,
    ),
    Function::partial(
        "trimprefix",
        &[p("str", String), p("prefix", String)],
        ends::trimprefix,
    ),
    Function::partial("trimspace", STR, ends::trimspace),
    Function::partial(
        "trimsuffix",
        &[p("str", String), p("suffix", String)],
        ends::trimsuffix,
    ),
    Function::partial("upper", STR, strings::upper),
    Function::known("urlencode", STR, String, encoding::urlencode),
    Function::never("uuid", &[], String, RUN),
    Function::known(
        "uuidv5",
        &[p("namespace", String), p("name", String)],
        String,
        hashes::uuidv5,
    ),
    Function::partial("values", &[p("mapping", Any).by_parts()], lookup::values),
    Function::partial("yamldecode", &[p("src", String)], encoding::yamldecode).flowing_secrets(),
    Function::partial(
        "yamlencode",
        &[p("value", Any).nullable()],
        encoding::yamlencode,
    )
    .flowing_secrets(),
    Function::partial(
        "zipmap",
        &[
            p("keys", ListOfStrings).by_parts(),
            p("values", Any).by_parts(),
        ],
        combining::zipmap,
    ),
];

/// Finds a function by its name, with or without `core::`.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let index = FUNCTIONS
        .binary_search_by(|function| function.name.cmp(name))
        .ok()?;
    FUNCTIONS.get(index)
}
