//! The references of the command line and of the settings are made from the code: what it parses, and what it reads. `HAECHI_GOLDEN=write`
//! writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Arg, Command};
use haechi::config::fields::{Field, Section, sections};

/// What is said once, of all commands.
const EVERYWHERE: &[&str] = &["help", "version", "config", "json"];

#[track_caller]
fn is_written(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(name);
    if std::env::var_os("HAECHI_GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, text).unwrap();
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    assert!(is == text, "docs/reference/{name} is not what the code says: HAECHI_GOLDEN=write writes it anew");
}

#[test]
fn the_reference_of_the_command_line_is_what_is_parsed() {
    is_written("cli.md", &command_line());
}

#[test]
fn the_reference_of_the_settings_is_what_is_read() {
    is_written("settings.md", &settings());
}

#[test]
fn the_schema_of_declarations_is_what_is_read() {
    let mut text = serde_json::to_string_pretty(&haechi::admin::declared::schema()).unwrap();
    text.push('\n');
    is_written("haechi-declared.schema.json", &text);
}

fn command_line() -> String {
    let mut root = haechi::cli::command().disable_help_subcommand(true);
    root.build();
    let mut text = "# The command line\n\nMade from the code, as `--help` prints it; man pages and completions are made of the same \
                    (`haechi man`, `haechi completions`).\n"
        .to_owned();
    let said = root.get_after_help().map(ToString::to_string).unwrap_or_default();
    for paragraph in said.split("\n\n") {
        let _ = write!(text, "\n{}\n", paragraph.trim());
    }
    text.push_str("\nEvery command takes:\n\n");
    root.get_arguments().filter(|it| it.is_global_set()).for_each(|it| text.push_str(&item(it)));
    root.get_subcommands().for_each(|command| write_command(&mut text, command, 2));
    text
}

fn write_command(text: &mut String, command: &Command, depth: usize) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    let _ = write!(text, "\n{} `{name}`\n\n{}\n", "#".repeat(depth), about.trim());
    if command.has_subcommands() {
        text.push('\n');
        for subcommand in command.get_subcommands() {
            let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "- `{name} {}`: {about}", subcommand.get_name());
        }
    } else {
        let usage = command.clone().render_usage().to_string();
        let _ = write!(text, "\n```text\n{}\n```\n", usage.trim_start_matches("Usage:").trim());
    }
    let arguments: Vec<&Arg> =
        command.get_arguments().filter(|it| !EVERYWHERE.contains(&it.get_id().as_str())).collect();
    if !arguments.is_empty() {
        text.push('\n');
        text.extend(arguments.into_iter().map(item));
    }
    if let Some(examples) = command.get_after_long_help().map(ToString::to_string) {
        let lines = examples.lines().skip_while(|line| !line.starts_with("Examples:")).skip(1);
        let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
        let _ = write!(text, "\n```text\n{}\n```\n", lines.join("\n"));
    }
    command.get_subcommands().for_each(|command| write_command(text, command, depth + 1));
}

fn item(argument: &Arg) -> String {
    let values = argument.get_value_names().unwrap_or_default();
    let values: Vec<String> = values.iter().map(|name| format!("<{name}>")).collect();
    let takes = argument.get_action().takes_values();
    let short = argument.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let name = match argument.get_long() {
        Some(long) if takes => format!("{short}`--{long} {}`", values.join(" ")),
        Some(long) => format!("{short}`--{long}`"),
        None => format!("`{}`", values.join(" ")),
    };
    let help = argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let choices: Vec<_> =
        argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    let told = !argument.is_hide_possible_values_set();
    let choices = if takes && told && !choices.is_empty() && choices != ["`true`", "`false`"] {
        format!(" One of {}.", choices.join(", "))
    } else {
        String::new()
    };
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    let default =
        if takes && !defaults.is_empty() { format!(" Default: `{}`.", defaults.join(" ")) } else { String::new() };
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    // Where there is no more to say than one sentence, its period is taken away.
    let end = if help.ends_with(['.', '?']) { "" } else { "." };
    format!("- {name}: {help}{end}{choices}{default}\n")
}

fn settings() -> String {
    let mut text = "# The settings\n\nMade from the code, as `haechi config example` prints them. Every setting is a line of the file (`haechi.toml`, or the \
                    file of `--config` or `HAECHI_CONFIG`) or a variable of the environment, which goes before the file. `haechi config check` says what is \
                    wrong with them, `haechi config show` what is in force. Nothing is required.\n"
        .to_owned();
    for section in sections() {
        write_section(&mut text, &section);
    }
    text
}

fn write_section(text: &mut String, section: &Section) {
    let only = if section.optional { " The section is there only when one of its settings is." } else { "" };
    let _ = write!(text, "\n## `[{}]`\n\n{}{only}\n", section.name, one_line(section.doc));
    for field in &section.fields {
        write_field(text, section, field);
    }
}

fn write_field(text: &mut String, section: &Section, field: &Field) {
    let what = if field.is_example { "Not set. For example" } else { "Default" };
    let _ = write!(
        text,
        "\n### `{}.{}`\n\n{}\n\n- {what}: `{}`\n- Variable: `{}`\n",
        section.name,
        field.name,
        one_line(field.doc),
        field.value,
        field.variable
    );
}

/// A doc comment, whose lines end where the code's do.
fn one_line(doc: &str) -> String {
    let paragraphs = doc.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}
