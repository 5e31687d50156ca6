//! The sentences of the documents about recipes, in each language.

/// Which language a document is in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Korean,
}

use Language::{English, Korean};

pub(super) const LANGUAGES: [Language; 2] = [English, Korean];

/// Groups of recipes, and reasons why one is not run, in Korean.
const IN_KOREAN: &[(&str, &str)] = &[
    ("Go", "Go"),
    ("Infrastructure", "인프라"),
    ("Java", "Java"),
    ("Native apps", "네이티브 앱"),
    ("Node", "Node"),
    ("Proxies", "프록시"),
    ("Python", "Python"),
    ("Rust", "Rust"),
    ("Self-hosted software", "직접 설치해서 쓰는 소프트웨어"),
    ("Single-page apps", "단일 페이지 앱"),
    ("it is in no registry that tests install from", "테스트가 설치할 수 있는 레지스트리에 없어요"),
    ("it is too large to be started by a test", "테스트에서 실행하기에는 너무 커요"),
    ("it needs a Kubernetes cluster", "Kubernetes 클러스터가 필요해요"),
    ("it needs a cluster", "클러스터가 필요해요"),
    ("A program on the command line", "명령줄 프로그램"),
];

impl Language {
    /// The document of this language: `README.md`, `README.ko.md`.
    pub(super) fn file(self, stem: &str) -> String {
        match self {
            English => format!("{stem}.md"),
            Korean => format!("{stem}.ko.md"),
        }
    }

    /// A group, or why a recipe is not run: data of the catalogue, which is in English.
    #[track_caller]
    pub(super) fn said(self, english: &str) -> String {
        let korean = || IN_KOREAN.iter().find(|(from, _)| *from == english).map(|(_, to)| (*to).to_owned());
        match self {
            English => english.to_owned(),
            Korean => korean().unwrap_or_else(|| panic!("{} does not say \"{english}\" in Korean", file!())),
        }
    }

    /// The name of a piece of software, which is mostly the same in every language.
    pub(super) fn title(self, english: &str) -> String {
        let korean = IN_KOREAN.iter().find(|(from, _)| *from == english && self == Korean);
        korean.map_or(english, |(_, to)| to).to_owned()
    }

    /// What a recipe was tried with: names and versions, and the words between them.
    pub(super) fn tried_with(self, english: &str) -> String {
        match self {
            English => english.to_owned(),
            Korean => english
                .replace(", its documentation", " 문서")
                .replace(", their documentation", " 문서")
                .replace(" with the app ", "와 앱 ")
                .replace(" as a WAR on ", " WAR, ")
                .replace("Spring Security's OAuth 2 client", "Spring Security OAuth 2 클라이언트")
                .replace(" with ", ", ")
                .replace(" and ", ", ")
                .replace(" in Chromium", ", Chromium"),
        }
    }

    pub(super) const fn list(self) -> &'static str {
        match self {
            English => {
                "# Recipes\n\n\
                 How software that others wrote is connected to Haechi. `haechi clients create --for NAME --url URL` registers it as it wants to be, and prints its\n\
                 configuration ready to paste; `--write FOLDER` writes the files. `haechi recipes` lists the names. What each was seen doing is in\n\
                 [compatibility](../compatibility.md). [한국어](README.ko.md)\n"
            }
            Korean => {
                "# 레시피\n\n\
                 다른 사람이 만든 소프트웨어를 해치에 연결하는 방법이에요. `haechi clients create --for NAME --url URL`은 그 소프트웨어에 맞게 클라이언트를 등록하고 그대로 붙여 넣을 설정을 출력해요.\n\
                 `--write FOLDER`를 주면 파일로 써 줘요. 이름은 `haechi recipes`로 볼 수 있어요. 실행해 본 결과는 [호환성](../compatibility.ko.md)에 있어요. [English](README.md)\n"
            }
        }
    }

    /// The heading of the table of a group.
    pub(super) const fn columns(self) -> &'static str {
        match self {
            English => "| recipe | software | |\n|---|---|---|\n",
            Korean => "| 레시피 | 소프트웨어 | |\n|---|---|---|\n",
        }
    }

    pub(super) const fn run(self) -> &'static str {
        match self {
            English => "run",
            Korean => "실행해 봤어요",
        }
    }

    pub(super) const fn not_run(self) -> &'static str {
        match self {
            English => "from its docs, not run",
            Korean => "문서를 보고 만들었고, 실행해 보지는 않았어요",
        }
    }

    pub(super) const fn documentation(self) -> &'static str {
        match self {
            English => "Its documentation",
            Korean => "소프트웨어 문서",
        }
    }

    pub(super) fn run_from(self, folder: &str) -> String {
        match self {
            English => format!("Run from [{folder}](../../{folder}/)."),
            Korean => format!("[{folder}](../../{folder}/)에서 실행해 봤어요."),
        }
    }

    pub(super) fn not_run_because(self, why: &str) -> String {
        match self {
            English => format!("From its docs, not run: {why}."),
            Korean => format!("문서를 보고 만들었고, 실행해 보지는 않았어요. {}.", self.said(why)),
        }
    }

    pub(super) const fn registers(self) -> &'static str {
        match self {
            English => "registers",
            Korean => "이렇게 등록하고",
        }
    }

    pub(super) const fn prints(self) -> &'static str {
        match self {
            English => "and prints, filled in:",
            Korean => "값을 채워서 이렇게 출력해요.",
        }
    }

    pub(super) const fn compatibility(self) -> &'static str {
        match self {
            English => {
                "# Compatibility\n\n\
                 What happened when `scripts/foreign` last ran each [recipe](recipes/README.md): a fresh server, the printed configuration and nothing else; sign-in,\n\
                 consent, what the app shows of the person, a call to a service that judges access tokens by what Haechi publishes (before and after a refresh), and the sign-out, as\n\
                 far as the software has them. PKCE, nonce and the method of client authentication are what the software was seen sending. [한국어](compatibility.ko.md)\n\n\
                 | software | tried with | result | PKCE | nonce | authentication | refresh | UserInfo | API | ends |\n|---|---|---|---|---|---|---|---|---|---|\n"
            }
            Korean => {
                "# 호환성\n\n\
                 `scripts/foreign`으로 [레시피](recipes/README.ko.md)를 마지막으로 실행한 결과예요. 새 서버에서, 출력된 설정만으로 로그인, 동의, 앱이 보여 주는 사용자 정보, 공개된 키로 액세스 토큰을 검증하는 서비스 호출(리프레시 전과 후), 로그아웃을\n\
                 소프트웨어에 있는 만큼 해 봤어요. PKCE, nonce, 클라이언트 인증 방식은 소프트웨어가 실제로 보낸 것이에요. [English](compatibility.md)\n\n\
                 | 소프트웨어 | 버전 | 결과 | PKCE | nonce | 클라이언트 인증 | 리프레시 | UserInfo | API | 로그아웃이 끝내는 것 |\n|---|---|---|---|---|---|---|---|---|---|\n"
            }
        }
    }

    pub(super) const fn yes(self, is: bool) -> &'static str {
        match (self, is) {
            (English, true) => "yes",
            (English, false) => "no",
            (Korean, true) => "예",
            (Korean, false) => "아니요",
        }
    }

    pub(super) const fn passed(self) -> &'static str {
        match self {
            English => "passed",
            Korean => "통과",
        }
    }

    pub(super) const fn failed(self) -> &'static str {
        match self {
            English => "failed",
            Korean => "실패",
        }
    }

    pub(super) const fn not_yet(self) -> &'static str {
        match self {
            English => "not run yet",
            Korean => "아직 실행하지 않았어요",
        }
    }

    pub(super) const fn not_with_this_version(self) -> &'static str {
        match self {
            English => "not run with this version yet",
            Korean => "이 버전으로는 아직 실행하지 않았어요",
        }
    }

    /// What the sign-out ends: the session at Haechi, the tokens, or nothing outside of the app.
    pub(super) const fn ends(self, session: bool, tokens: bool) -> &'static str {
        match (self, session, tokens) {
            (English, true, _) => "session",
            (English, false, true) => "tokens",
            (English, false, false) => "at the app",
            (Korean, true, _) => "세션",
            (Korean, false, true) => "토큰",
            (Korean, false, false) => "앱에서만",
        }
    }
}
