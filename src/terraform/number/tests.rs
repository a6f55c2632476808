use super::Number;

fn number(text: &str) -> Number {
    Number::parse(text).unwrap()
}

fn sum(one: &str, another: &str) -> String {
    number(one).add(&number(another)).unwrap().to_string()
}

#[test]
fn decimals_add_up_as_people_expect() {
    assert_eq!(sum("0.1", "0.2"), "0.3");
    assert_eq!(sum("1e100", "1"), format!("1{}1", "0".repeat(99)));
    assert_eq!(sum("0.5", "-0.5"), "0");
}

#[test]
fn whole_numbers_of_any_size_are_exact() {
    let large = number("123456789012345678901234567890123456789012345678901234567890");
    assert_eq!(
        large.multiply(&large).unwrap().divide(&large).unwrap(),
        large
    );
    for edge in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
        let counted = Number::from(edge);
        assert_eq!(counted, number(&edge.to_string()));
        assert_eq!(counted.to_string(), edge.to_string());
        assert_eq!(counted.negate().negate(), counted);
        assert_eq!(
            counted.negate().to_string(),
            (-i128::from(edge)).to_string()
        );
        assert_eq!(counted.subtract(&counted).unwrap(), Number::from(0_i64));
    }
    assert_eq!(Number::from(u64::MAX).to_string(), u64::MAX.to_string());
}

#[test]
fn numbers_compare_by_value_whatever_their_precision() {
    assert_eq!(number("1.0"), Number::from(1_i64));
    assert_eq!(Number::from_f64(0.5), Some(number("0.5")));
    assert_ne!(Number::from_f64(0.1), Some(number("0.1")));
    let ordered = ["-1e30", "-2", "-1.5", "0", "1e-30", "0.5", "3", "1e30"];
    for pair in ordered.windows(2) {
        assert!(number(pair[0]) < number(pair[1]), "{pair:?}");
    }
}

#[test]
fn the_machines_numbers_keep_their_shortest_form() {
    for machine in [
        0.1,
        1.0 / 3.0,
        2f64.sqrt(),
        1e22,
        5e-324,
        f64::MAX,
        123_456.789,
    ] {
        let number = Number::from_f64(machine).unwrap();
        assert_eq!(number.to_string().parse::<f64>().unwrap(), machine);
        assert_eq!(number.to_f64(), machine);
    }
    assert_eq!(
        Number::from_f64(2f64.powi(60)).unwrap().to_string(),
        "1152921504606847000"
    );
    assert_eq!(Number::from_f64(f64::NAN), None);
    assert_eq!(Number::from_f64(f64::INFINITY), None);
}

#[test]
fn numbers_past_the_bounds_are_refused_at_once() {
    for text in [
        "1e1000000000",
        "1e-1000000000",
        "1e99999999999999999999",
        "1p999999999",
    ] {
        assert!(Number::parse(text).is_err(), "{text}");
    }
    assert!(Number::parse(&"9".repeat(1_000_000)).is_err());
    let mut square = number("1e1000");
    let mut steps = 0;
    while let Ok(next) = square.multiply(&square) {
        square = next;
        steps += 1;
        assert!(steps < 10);
    }
    assert!(number("1").divide(&number("0")).is_err());
    assert!(number("1e-4000").divide(&number("1e4000")).is_err());
}

#[test]
fn what_is_no_number_is_refused() {
    for text in [
        "", "-", "+", ".", "1_000", "0x10", "1e", "1e+", " 1", "1 ", "--1", "1.2.3", "٣",
    ] {
        assert!(Number::parse(text).is_err(), "{text}");
    }
}

#[test]
fn rounding_goes_where_its_name_says() {
    for (text, floor, ceil, truncated) in [
        ("1.5", "1", "2", "1"),
        ("-1.5", "-2", "-1", "-1"),
        ("2", "2", "2", "2"),
        ("-0.1", "-1", "0", "0"),
        (
            "1e30",
            "1000000000000000000000000000000",
            "1000000000000000000000000000000",
            "",
        ),
    ] {
        let number = number(text);
        assert_eq!(number.floor().to_string(), floor);
        assert_eq!(number.ceil().to_string(), ceil);
        if !truncated.is_empty() {
            assert_eq!(number.truncate().to_string(), truncated);
        }
    }
}

#[test]
fn digits_are_cut_to_ten_where_sets_are_sorted() {
    for (text, short) in [
        ("0", "0"),
        ("8080", "8080"),
        ("1e20", "1e+20"),
        ("12345678901", "1.23456789e+10"),
        ("0.00001", "1e-05"),
        ("0.0001", "0.0001"),
        ("-1.5", "-1.5"),
        ("9999999999.9", "1e+10"),
    ] {
        assert_eq!(number(text).short(), short);
    }
}

#[test]
fn what_is_rendered_reads_as_the_same_number() {
    let mut state = 88_172_645_463_325_252_u64;
    for _ in 0..300 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let exponent = i64::try_from(state % 600).unwrap() - 300;
        let written = number(&format!("{}.{}e{exponent}", state % 97, state >> 9));
        let third = written.divide(&number("3")).unwrap();
        assert_eq!(number(&third.to_string()), third);
    }
}
