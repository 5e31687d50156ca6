//! The paths that a source file names: imports (grouped or not) and paths inside code, made absolute.

use std::collections::HashMap;

use super::tokens::{Token, tokens};

/// An absolute path in this crate, without `crate`.
pub(super) type Path = Vec<String>;

/// What a file names.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Every path that begins with `crate`, `self`, `super` or a name that was imported from such a path.
    pub(super) paths: Vec<Path>,
    /// What it passes on under a name: `pub use`. A glob is named `*`.
    pub(super) passed_on: Vec<(String, Path)>,
}

/// One import: the name it makes, and the path as it is written.
struct Import {
    name: String,
    path: Vec<String>,
}

/// A `mod name { … }` inside a file, or the file itself.
struct Scope {
    module: Path,
    imports: HashMap<String, Path>,
    /// The braces that were open when it began.
    depth: usize,
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    scopes: Vec<Scope>,
    named: Named,
}

/// Reads the text of a module.
pub(super) fn read(module: &[&str], text: &str) -> Named {
    let tokens = tokens(text);
    let module = module.iter().map(|&part| part.to_owned()).collect();
    let file = Scope { module, imports: HashMap::new(), depth: 0 };
    let mut reader = Reader { tokens: &tokens, at: 0, depth: 0, scopes: vec![file], named: Named::default() };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.named
}

impl Reader<'_> {
    fn step(&mut self) {
        match &self.tokens[self.at..] {
            [word, Token::Word(name), Token::Sign('{'), ..] if word.is("mod") => self.enter(name),
            [word, ..] if word.is("use") => self.import(),
            [Token::Sign('{'), ..] => (self.depth, self.at) = (self.depth + 1, self.at + 1),
            [Token::Sign('}'), ..] => self.leave(),
            [Token::Word(_), Token::PathSeparator, ..] => self.path(),
            _ => self.at += 1,
        }
    }

    fn enter(&mut self, name: &str) {
        let mut module = self.scope().module.clone();
        module.push(name.to_owned());
        self.scopes.push(Scope { module, imports: HashMap::new(), depth: self.depth });
        (self.depth, self.at) = (self.depth + 1, self.at + 3);
    }

    fn leave(&mut self) {
        (self.depth, self.at) = (self.depth - 1, self.at + 1);
        if self.scopes.len() > 1 && self.scope().depth == self.depth {
            self.scopes.pop();
        }
    }

    fn scope(&self) -> &Scope {
        self.scopes.last().unwrap()
    }

    /// A path inside code. A first word after a dot or `::` is no beginning (`x.y::<T>()`, `<T as X>::y`).
    fn path(&mut self) {
        let begins = self.at == 0 || !matches!(self.tokens[self.at - 1], Token::Sign('.') | Token::PathSeparator);
        let mut written = Vec::new();
        while let [Token::Word(part), ..] = &self.tokens[self.at..] {
            written.push(part.clone());
            self.at += 1;
            match &self.tokens[self.at..] {
                [Token::PathSeparator, Token::Word(_), ..] => self.at += 1,
                _ => break,
            }
        }
        if begins && let Some(path) = self.absolute(&written) {
            self.named.paths.push(path);
        }
    }

    fn import(&mut self) {
        let passes_on = self.passes_on();
        let in_file = self.scopes.len() == 1;
        self.at += 1;
        let mut imports = Vec::new();
        self.tree(&[], &mut imports);
        for Import { name, path } in imports {
            let Some(path) = self.absolute(&path).or_else(|| passes_on.then(|| self.below(&path))) else { continue };
            if passes_on && in_file {
                self.named.passed_on.push((name.clone(), path.clone()));
            } else {
                self.named.paths.push(path.clone());
            }
            self.scopes.last_mut().unwrap().imports.insert(name, path);
        }
    }

    /// Whether `pub`, `pub(crate)` or the like stands before.
    fn passes_on(&self) -> bool {
        let before = &self.tokens[..self.at];
        let opened = before
            .iter()
            .rposition(|token| *token == Token::Sign('('))
            .filter(|_| before.ends_with(&[Token::Sign(')')]));
        before[..opened.unwrap_or(self.at)].last().is_some_and(|word| word.is("pub"))
    }

    /// `a::{b, c::d as e, f::*}`, up to the sign behind it.
    fn tree(&mut self, prefix: &[String], imports: &mut Vec<Import>) {
        let mut path = prefix.to_vec();
        loop {
            match &self.tokens[self.at..] {
                [Token::Sign('{'), ..] => {
                    self.at += 1;
                    while self.tokens[self.at] != Token::Sign('}') {
                        self.tree(&path, imports);
                        if self.tokens[self.at] == Token::Sign(',') {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                [Token::Sign('*'), ..] => {
                    self.at += 1;
                    imports.push(Import { name: "*".to_owned(), path });
                    return;
                }
                [Token::PathSeparator, ..] => self.at += 1,
                [word, Token::Word(name), ..] if word.is("as") => {
                    self.at += 2;
                    imports.push(Import { name: name.clone(), path });
                    return;
                }
                [word, ..] if word.is("self") && !path.is_empty() => {
                    self.at += 1;
                }
                [Token::Word(part), ..] => {
                    self.at += 1;
                    path.push(part.clone());
                }
                _ => {
                    imports.push(Import { name: path.last().cloned().unwrap_or_default(), path });
                    return;
                }
            }
        }
    }

    /// The path from the crate's root, where it is one of this crate's.
    fn absolute(&self, written: &[String]) -> Option<Path> {
        let (first, mut rest) = written.split_first()?;
        let mut path = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.scope().module.clone(),
            "super" => {
                let module = &self.scope().module;
                module[..module.len() - 1].to_vec()
            }
            name => self.scope().imports.get(name)?.clone(),
        };
        while let Some(("super", after)) = rest.split_first().map(|(part, after)| (part.as_str(), after)) {
            path.pop();
            rest = after;
        }
        path.extend_from_slice(rest);
        Some(path)
    }

    /// A path that begins with a module of this one.
    fn below(&self, written: &[String]) -> Path {
        [&self.scope().module, written].concat()
    }
}

#[test]
fn imports_and_paths_in_code_are_read() {
    let text = "
        pub use inner::{Item, other::Thing as Renamed};
        pub(crate) use crate::far::Away;
        use crate::{a, b::{self, c::D}};
        use super::super::up;
        use std::fmt;
        fn f() -> crate::x::Y { a::g::<T>(); fmt::Write; value.b::<crate::in_generics::Z>(); <T as up::Trait>::new() }
        mod tests { use super::super::near; fn g() { super::own() } }
        fn h() { b::h() }
    ";
    let named = read(&["m", "n"], text);
    let joined = |paths: &[Path]| paths.iter().map(|path| path.join("::")).collect::<Vec<_>>();
    let expected =
        ["a", "b", "b::c::D", "up", "x::Y", "a::g", "in_generics::Z", "up::Trait", "m::near", "m::n::own", "b::h"];
    assert_eq!(joined(&named.paths), expected);
    let passed_on: Vec<_> = named.passed_on.iter().map(|(name, path)| format!("{name}={}", path.join("::"))).collect();
    assert_eq!(passed_on, ["Item=m::n::inner::Item", "Renamed=m::n::inner::other::Thing", "Away=far::Away"]);
}
