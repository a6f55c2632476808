//! `format` and `formatlist`.

use super::collections::undecided;
use super::elements::{are_certain, spread};
use super::function::Outcome;
use super::signature::{Arguments, without_order};
use super::verb::{Directive, Padding, Verb, directives};
use crate::terraform::json;
use crate::terraform::number::{Digits, Number};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{
    Failure, Kind, MAX_WEIGHT, Marks, Part, Presence, TextBuilder, Trace, Unknown, Value,
};

/// What a call comes to with a `null` of no type among what is formatted: to Terraform it is not known what
/// that is, and so it is not what comes out.
fn of_nothing(arguments: &Arguments<'_>) -> Option<Value> {
    let untyped = |value: &Value| matches!(value.kind, Kind::Null(Type::Null));
    let why = || Unknown::other("Terraform does not format a `null` that has no type");
    let any = arguments.values.iter().any(untyped);
    any.then(|| Value::unknown(why()).flow(&arguments.values))
}

pub(super) fn format(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = of_nothing(arguments) {
        return Ok(unknown);
    }
    let Some(format) = arguments.at(0).as_str() else {
        return Ok(undecided(arguments, Type::String));
    };
    let directives = read(&format)?;
    let values: Vec<&Value> = arguments.values.iter().skip(1).collect();
    formatted(&directives, &values, arguments.at(0))
}

fn read(format: &str) -> Result<Vec<Directive<'_>>, Failure> {
    directives(format).map_err(|why| Failure::new(why).in_argument(0))
}

pub(super) fn formatlist(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = of_nothing(arguments) {
        return Ok(unknown);
    }
    let list = || Ok(undecided(arguments, Type::list(Type::String)));
    let Some(format) = arguments.at(0).as_str() else {
        return list();
    };
    let directives = read(&format)?;
    // The elements of each argument that is a sequence.
    let mut columns: Vec<Option<Vec<Value>>> = Vec::new();
    let mut length: Option<usize> = None;
    let mut uncertain = 0;
    for (index, argument) in arguments.values.iter().enumerate().skip(1) {
        let elements = match &argument.kind {
            Kind::List(..) => spread(&without_order(argument)),
            Kind::Unknown(unknown) => match unknown.ty() {
                Type::String | Type::Number | Type::Bool => None,
                _ => return list(),
            },
            _ => None,
        };
        if let Some(elements) = &elements {
            if !are_certain(elements) {
                uncertain += 1;
            } else if length.is_some_and(|length| length != elements.len()) {
                return Err(Failure::new("the lists have different lengths").in_argument(index));
            } else {
                length = Some(elements.len());
            }
        }
        columns.push(elements);
    }
    // Which elements stand side by side is clear for one list whose length is open, not for two.
    let sequences = columns.iter().flatten().count();
    if uncertain > 0 && sequences > 1 {
        return list();
    }
    let rows = columns.iter().flatten().map(Vec::len).next().unwrap_or(1);
    let mut texts = Vec::new();
    let mut weight = 0_usize;
    for row in 0..rows {
        let mut presence = Presence::Certain;
        let mut values = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            match column {
                None => values.push(arguments.at(index + 1)),
                Some(elements) => {
                    let element = &elements[row];
                    if !element.trace.presence.is_certain() {
                        presence = element.trace.presence.clone();
                    }
                    values.push(element);
                }
            }
        }
        let text = formatted(&directives, &values, arguments.at(0))?;
        weight = weight.saturating_add(text.weight());
        if weight > MAX_WEIGHT {
            let why = Unknown::other("the formatted texts would be larger than 32 MiB");
            return Ok(Value::unknown(
                why.with_type(Type::list(Type::String)).not_null(),
            ));
        }
        texts.push(text.with_presence(presence));
    }
    Ok(Value::list(texts).or_empty_of(|| Type::String))
}

/// Carries out directives on values.
fn formatted(directives: &[Directive<'_>], values: &[&Value], format: &Value) -> Outcome {
    let mut marks = format.marks();
    let literal = Trace::default().with_marks(&marks);
    let mut built = TextBuilder::default();
    let (mut size, mut most) = (0_usize, 0);
    for directive in directives {
        match directive {
            Directive::Literal(text) => built.push_known(text, &literal),
            Directive::Verb(verb) => {
                let Some(value) = values.get(verb.argument) else {
                    return Err(Failure::new(format!(
                        "`{}` needs an argument {}, and there are {}",
                        verb.written,
                        verb.argument + 1,
                        values.len()
                    )));
                };
                most = most.max(verb.argument + 1);
                size = size
                    .saturating_add(value.weight())
                    .saturating_add(verb.width.unwrap_or(0));
                size = size.saturating_add(verb.precision.unwrap_or(0));
                if size > MAX_WEIGHT {
                    let why = Unknown::other("the formatted text would be larger than 32 MiB");
                    return Ok(Value::unknown(why.with_type(Type::String)).with_marks(&marks));
                }
                let lost = verb_text(verb, value, &mut built)
                    .map_err(|why| why.in_argument(verb.argument + 1))?;
                marks.add(&lost);
            }
        }
    }
    if most < values.len() {
        return Err(
            Failure::new("there are more arguments than the format uses").in_argument(most + 1),
        );
    }
    Ok(Value::string(built.finish()).with_marks(&marks))
}

/// Carries out a verb. Gives the marks that the text itself could not carry, having no length.
fn verb_text(verb: &Verb<'_>, value: &Value, built: &mut TextBuilder) -> Result<Marks, Failure> {
    let value = &value.clone().with_presence(Presence::Certain);
    if value.is_null() && verb.letter != 'v' {
        return Err(Failure::new(format!(
            "null cannot be formatted as `{}`",
            verb.written
        )));
    }
    let wanted = match verb.letter {
        's' | 'q' => Type::String,
        't' => Type::Bool,
        'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => Type::Number,
        'v' => Type::Any,
        _ => {
            return Err(Failure::new(format!(
                "`{}` is no format verb",
                verb.written
            )));
        }
    };
    let value = &match &wanted {
        Type::Any => value.clone(),
        ty => types::convert(value, ty).map_err(|_| {
            Failure::new(format!(
                "the value cannot be formatted as `{}`",
                verb.written
            ))
        })?,
    };
    let trace = Trace::default().with_marks(&value.marks());
    let text = match (&value.kind, verb.letter) {
        (Kind::Unknown(unknown), 's') if verb.is_plain() => {
            built.push(Part::Unknown(unknown.clone(), value.trace.clone()));
            return Ok(Marks::default());
        }
        (Kind::Unknown(unknown), 'v') if verb.is_plain() && *unknown.ty() == Type::String => {
            built.push(Part::Unknown(unknown.clone(), value.trace.clone()));
            return Ok(Marks::default());
        }
        (Kind::String(_) | Kind::Json(_), 's' | 'v') if verb.is_plain() => {
            built.push_text(value.as_text().unwrap_or_default());
            return Ok(Marks::default());
        }
        (Kind::List(..) | Kind::Object(..), 'v') if verb.width.is_none() => {
            built.push(Part::Json(Value::share(value.clone())));
            return Ok(Marks::default());
        }
        (Kind::Bool(value), 't') => Some(value.to_string()),
        (Kind::Number(number), _) if wanted == Type::Number || !verb.sharp => {
            Some(number_text(verb, number)?)
        }
        (Kind::String(_) | Kind::Json(_), 's') => {
            value.as_str().map(|text| verb.padded(verb.cut(&text)))
        }
        (Kind::String(_) | Kind::Json(_), 'v') if !verb.sharp => {
            value.as_str().map(|text| verb.padded(&text))
        }
        (Kind::String(_) | Kind::Json(_), 'q') => value.as_str().and_then(|text| {
            let quoted = json::render(&Value::from(verb.cut(&text)));
            quoted.known().map(|quoted| verb.padded(&quoted))
        }),
        _ if value.is_known() => json::render(value).known().map(|text| verb.padded(&text)),
        _ => None,
    };
    match text {
        // A text of no length can carry no mark; the whole does, then.
        Some(text) if text.is_empty() => return Ok(value.marks()),
        Some(text) => built.push_known(&text, &trace),
        None => {
            let unknown = Unknown::computed([value]).with_type(Type::String);
            built.push(Part::Unknown(unknown.not_null(), trace));
        }
    }
    Ok(Marks::default())
}

fn number_text(verb: &Verb<'_>, number: &Number) -> Result<String, Failure> {
    let whole = |radix: u32, prefix: &str| {
        let digits = number
            .to_radix(radix)
            .ok_or_else(|| Failure::new(format!("`{}` needs a whole number", verb.written)))?;
        Ok(whole_text(verb, number.is_negative(), &digits, prefix))
    };
    let fraction =
        |digits: String| verb.padded_number(number.is_negative(), "", &digits, Padding::Zeros);
    let precision = verb.precision;
    match verb.letter {
        'd' => whole(10, ""),
        'b' => whole(2, "0b"),
        'o' => whole(8, "0"),
        'x' => whole(16, "0x"),
        'X' => whole(16, "0X").map(|text| text.to_uppercase()),
        'f' => Ok(fraction(fixed(
            &number.exact_digits(),
            precision.unwrap_or(6),
        ))),
        'e' | 'E' => {
            let digits = number.exact_digits();
            let text = exponential(
                &digits.rounded(precision.unwrap_or(6) + 1),
                precision.unwrap_or(6),
            );
            Ok(fraction(cased(text, verb.letter)))
        }
        'g' | 'G' => Ok(fraction(cased(general(number, precision), verb.letter))),
        // `%v` pads as text is padded.
        _ => {
            let sign = if number.is_negative() { "-" } else { "" };
            Ok(verb.padded(&format!("{sign}{}", general(number, None))))
        }
    }
}

fn cased(text: String, letter: char) -> String {
    if letter.is_ascii_uppercase() {
        text.to_uppercase()
    } else {
        text
    }
}

fn whole_text(verb: &Verb<'_>, negative: bool, digits: &str, prefix: &str) -> String {
    let prefix = if verb.sharp { prefix } else { "" };
    if let Some(precision) = verb.precision {
        if precision == 0 && digits == "0" {
            return String::new();
        }
        let zeros = "0".repeat(precision.saturating_sub(digits.len()));
        return verb.padded_number(
            negative,
            prefix,
            &format!("{zeros}{digits}"),
            Padding::Spaces,
        );
    }
    verb.padded_number(negative, prefix, digits, Padding::ZerosUnlessLeft)
}

/// Digits with a fixed number of places after the point, rounded to the even.
fn fixed(digits: &Digits, places: usize) -> String {
    let places = i64::try_from(places).unwrap_or(i64::MAX);
    let kept = usize::try_from(digits.point.saturating_add(places));
    let digits = match kept {
        Ok(kept) => digits.rounded(kept),
        Err(_) => Digits::default(),
    };
    let at = |place: i64| {
        let index = usize::try_from(digits.point + place).ok();
        let digit = index.and_then(|index| digits.digits.as_bytes().get(index));
        digit.map_or('0', |&digit| char::from(digit))
    };
    let mut text: String = (-digits.point.max(1)..0).map(at).collect();
    if places > 0 {
        text.push('.');
        text.extend((0..places).map(at));
    }
    text
}

/// Digits with one before the point, so many after it, and an exponent of ten.
fn exponential(digits: &Digits, places: usize) -> String {
    let digit = |index: usize| {
        digits
            .digits
            .as_bytes()
            .get(index)
            .map_or('0', |&digit| char::from(digit))
    };
    let mut text = String::from(digit(0));
    if places > 0 {
        text.push('.');
        text.extend((1..=places).map(digit));
    }
    let exponent = if digits.digits.is_empty() {
        0
    } else {
        digits.point - 1
    };
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("e{sign}{:02}", exponent.abs()));
    text
}

/// Digits with an exponent only where the number is very large or small.
fn general(number: &Number, precision: Option<usize>) -> String {
    let digits = match precision {
        None => number.shortest_digits(),
        Some(precision) => number.exact_digits().rounded(precision.max(1)),
    };
    let count = digits.digits.len();
    let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let exponent = digits.point - 1;
    let limit = match precision.map(|precision| precision.max(1)) {
        None => 6,
        Some(most) if most > count && signed(count) >= digits.point => signed(count),
        Some(most) => signed(most),
    };
    if exponent < -4 || exponent >= limit {
        let places = precision.map_or(count, |precision| precision.max(1).min(count));
        return exponential(&digits, places.saturating_sub(1));
    }
    fixed(
        &digits,
        usize::try_from(signed(count) - digits.point).unwrap_or(0),
    )
}
