//! The references of the command line and of the settings are made from the code: what it parses, and what it reads. So is what the pages say of settings in
//! English. `HAECHI_GOLDEN=write` writes them anew.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Arg, Command};
use haechi::config::fields::{Field, Section, sections};
use haechi::i18n::Texts;
use haechi::model::Locale;

/// What is said once, of all commands.
const EVERYWHERE: &[&str] = &["help", "version", "config", "json"];

#[track_caller]
fn is_written(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("HAECHI_GOLDEN").is_some_and(|value| value == "write") {
        fs::write(&path, text).unwrap();
    }
    let is = fs::read_to_string(&path).unwrap_or_default();
    assert!(is == text, "{name} is not what the code says: HAECHI_GOLDEN=write writes it anew");
}

#[test]
fn the_reference_of_the_command_line_is_what_is_parsed() {
    is_written("docs/reference/cli.md", &command_line());
}

#[test]
fn the_reference_of_the_settings_is_what_is_read() {
    is_written("docs/reference/settings.md", &settings(&ENGLISH));
    is_written("docs/reference/settings.ko.md", &settings(&KOREAN));
}

/// The build holds the other languages against it: a setting that was added is explained in all of them, or it does not compile.
#[test]
fn what_pages_say_of_settings_in_english_is_their_documentation() {
    let text_of = |path: &str, doc: &str| {
        // Braces would be a place to fill in.
        let words = one_line(doc).replace('{', "\0").replace('}', "{\"}\"}").replace('\0', "{\"{\"}");
        format!("setting-{} = {words}\n", path.replace(['.', '_'], "-"))
    };
    let mut text =
        "# What each setting is for: made from the doc comments of src/config, which are where it is changed.\n"
            .to_owned();
    for section in sections() {
        let _ = write!(text, "\n{}", text_of(section.name, section.doc));
        for field in &section.fields {
            text.push_str(&text_of(&format!("{}.{}", section.name, field.name), field.doc));
        }
    }
    is_written("locales/en/setting.ftl", &text);
}

#[test]
fn the_schema_of_declarations_is_what_is_read() {
    let mut text = serde_json::to_string_pretty(&haechi::admin::declared::schema()).unwrap();
    text.push('\n');
    is_written("docs/reference/haechi-declared.schema.json", &text);
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

/// How the reference of the settings reads in a language, around what each setting is for.
struct Wording {
    locale: Locale,
    head: &'static str,
    optional: &'static str,
    default: &'static str,
    example: &'static str,
    variable: &'static str,
}

const ENGLISH: Wording = Wording {
    locale: Locale::En,
    head: "# The settings\n\nMade from the code, as `haechi config example` prints them. Every setting is a line of the file (`haechi.toml`, or the \
           file of `--config` or `HAECHI_CONFIG`) or a variable of the environment, which goes before the file. `haechi config check` says what is \
           wrong with them, `haechi config show` what is in force. Nothing is required. [한국어](settings.ko.md)\n",
    optional: " The section is there only when one of its settings is.",
    default: "Default",
    example: "Not set. For example",
    variable: "Variable",
};

const KOREAN: Wording = Wording {
    locale: Locale::Ko,
    head: "# 설정\n\n코드에서 만들었고, `haechi config example`도 같은 설정을 출력해요. 설정은 모두 파일(`haechi.toml`, 또는 `--config`나 `HAECHI_CONFIG`가 \
           가리키는 파일)의 한 줄이거나 환경 변수이고, 환경 변수가 파일보다 먼저예요. 무엇이 틀렸는지는 `haechi config check`가, 지금 어떤 값이 쓰이는지는 \
           `haechi config show`가 알려 줘요. 꼭 있어야 하는 설정은 없어요. [English](settings.md)\n",
    optional: " 이 섹션은 여기에 있는 설정을 하나라도 적었을 때만 있어요.",
    default: "기본값",
    example: "설정하지 않음. 예",
    variable: "환경 변수",
};

fn settings(wording: &Wording) -> String {
    let mut text = wording.head.to_owned();
    for section in sections() {
        write_section(&mut text, wording, &section);
    }
    text
}

fn write_section(text: &mut String, wording: &Wording, section: &Section) {
    let only = if section.optional { wording.optional } else { "" };
    let purpose = Texts::of(wording.locale).setting(section.name);
    let _ = write!(text, "\n## `[{}]`\n\n{purpose}{only}\n", section.name);
    for field in &section.fields {
        write_field(text, wording, &format!("{}.{}", section.name, field.name), field);
    }
}

fn write_field(text: &mut String, wording: &Wording, path: &str, field: &Field) {
    let what = if field.is_example { wording.example } else { wording.default };
    let purpose = Texts::of(wording.locale).setting(path);
    let _ = write!(
        text,
        "\n### `{path}`\n\n{purpose}\n\n- {what}: `{}`\n- {}: `{}`\n",
        field.value, wording.variable, field.variable
    );
}

/// A doc comment, whose lines end where the code's do.
fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}
