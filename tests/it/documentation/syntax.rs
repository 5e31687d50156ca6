//! Readers of the languages that blocks of configuration are in.

use std::io::Write;
use std::process::{Command, Stdio};

pub fn json(code: &str) -> Result<(), String> {
    serde_json::from_str::<serde_json::Value>(code).map(drop).map_err(|error| error.to_string())
}

pub fn toml(code: &str) -> Result<(), String> {
    code.parse::<toml::Table>().map(drop).map_err(|error| error.to_string())
}

/// By Python itself; what it would do is not done.
pub fn python(code: &str) -> Result<(), String> {
    let mut python = Command::new("python3");
    python.args(["-c", "import ast, sys; ast.parse(sys.stdin.read())"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = python.spawn() else {
        return crate::support::servers::found(None::<()>, "Python").map_or(Ok(()), Ok);
    };
    child.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(()).ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// `NAME=value` on each line.
pub fn env(code: &str) -> Result<(), String> {
    assignments(code, |name| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
}

/// `[section]`, and `name = value` on each line of it.
pub fn ini(code: &str) -> Result<(), String> {
    let is_section = |line: &&str| line.starts_with('[') && line.ends_with(']');
    if !code.lines().next().is_some_and(|line| is_section(&line)) {
        return Err("it begins without a section".to_owned());
    }
    let rest: Vec<&str> = code.lines().filter(|line| !is_section(line)).collect();
    assignments(&rest.join("\n"), |name| {
        name.trim_end().chars().all(|c| c.is_ascii_lowercase() || "_0123456789".contains(c))
    })
}

fn assignments(code: &str, is_name: impl Fn(&str) -> bool) -> Result<(), String> {
    let lines = code.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let mut wrong =
        lines.filter(|line| !line.split_once('=').is_some_and(|(name, _)| !name.is_empty() && is_name(name)));
    wrong.next().map_or(Ok(()), |line| Err(format!("no assignment: {line}")))
}

#[test]
fn what_cannot_be_read_is_refused() {
    for (reader, right, wrong) in [
        (json as fn(&str) -> Result<(), String>, "{}", "{"),
        (toml, "a = 1", "a = "),
        (python, "a = 1", "a = ("),
        (env, "A_1=b c", "a-b"),
        (ini, "[a]\nb = c", "b = c"),
    ] {
        assert!(reader(right).is_ok(), "{right}");
        assert!(reader(wrong).is_err(), "{wrong}");
    }
}
