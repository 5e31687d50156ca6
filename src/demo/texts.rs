//! What the shop says, in English and Korean.

/// A language of the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// English.
    #[default]
    English,
    /// Korean.
    Korean,
}

impl Language {
    /// The language of a tag such as `ko` or `ko-KR`.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        match tag.trim().split(['-', ';']).next() {
            Some("ko") => Some(Self::Korean),
            Some("en") => Some(Self::English),
            _ => None,
        }
    }

    /// Its tag.
    pub(super) const fn tag(self) -> &'static str {
        self.pick("en", "ko")
    }

    /// The text in this language.
    pub(super) const fn pick(self, english: &'static str, korean: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }

    /// Everything the shop says.
    pub(super) const fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::Korean => &KOREAN,
        }
    }
}

/// Everything the shop says.
#[derive(Debug)]
#[allow(missing_docs, reason = "the English texts say what each is")]
pub(super) struct Texts {
    pub(super) shop: &'static str,
    pub(super) tagline: &'static str,
    pub(super) intro: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) sign_up: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) account: &'static str,
    pub(super) buy: &'static str,
    pub(super) back: &'static str,
    pub(super) hello: &'static str,
    pub(super) account_intro: &'static str,
    pub(super) id_token: &'static str,
    pub(super) id_token_line: &'static str,
    pub(super) access_token: &'static str,
    pub(super) access_token_line: &'static str,
    pub(super) userinfo: &'static str,
    pub(super) userinfo_line: &'static str,
    pub(super) header: &'static str,
    pub(super) claims: &'static str,
    pub(super) raw: &'static str,
    pub(super) verified: &'static str,
    pub(super) not_verified: &'static str,
    pub(super) refresh: &'static str,
    pub(super) refresh_line: &'static str,
    pub(super) refreshed: &'static str,
    pub(super) signed_out: &'static str,
    pub(super) ordered: &'static str,
    pub(super) ordered_line: &'static str,
    pub(super) problem: &'static str,
    pub(super) refused: &'static str,
    pub(super) lost_login: &'static str,
    pub(super) no_login_here: &'static str,
    pub(super) not_found: &'static str,
    pub(super) footer: &'static str,
}

static ENGLISH: Texts = Texts {
    shop: "Moonjar",
    tagline: "Quiet things, made by hand",
    intro: "This shop keeps no passwords. It sends its people to Haechi to sign in, and learns only who they are.",
    sign_in: "Sign in",
    sign_up: "Create an account",
    sign_out: "Sign out",
    account: "Your tokens",
    buy: "Buy",
    back: "Back to the shop",
    hello: "Hello",
    account_intro: "This is what Haechi gave the shop when you signed in. A real app keeps it to itself.",
    id_token: "ID token",
    id_token_line: "Says who you are, and is meant for this shop alone.",
    access_token: "Access token",
    access_token_line: "Opens services. Each verifies it by itself with the published keys, as this page just did.",
    userinfo: "UserInfo",
    userinfo_line: "What Haechi answers to whoever holds the access token.",
    header: "Header",
    claims: "Claims",
    raw: "As it travels",
    verified: "Signature verified with key",
    not_verified: "The signature could not be verified",
    refresh: "Get new tokens",
    refresh_line: "Uses the refresh token, which is replaced every time.",
    refreshed: "Refreshed",
    signed_out: "You are signed out of the shop and of Haechi.",
    ordered: "Thank you",
    ordered_line: "Nothing is sent and nothing is charged: this is a demonstration.",
    problem: "That did not work",
    refused: "Haechi sent you back without signing you in:",
    lost_login: "This answer belongs to no login that began in this browser. Please sign in again.",
    no_login_here: "Haechi could not be reached:",
    not_found: "There is nothing here.",
    footer: "A demonstration of Haechi",
};

static KOREAN: Texts = Texts {
    shop: "달항아리",
    tagline: "손으로 빚은 조용한 물건들",
    intro: "이 가게는 비밀번호를 보관하지 않습니다. 로그인은 해치에 맡기고, 누구인지만 전해 받습니다.",
    sign_in: "로그인",
    sign_up: "계정 만들기",
    sign_out: "로그아웃",
    account: "내 토큰",
    buy: "구매",
    back: "가게로 돌아가기",
    hello: "안녕하세요",
    account_intro: "로그인할 때 해치가 가게에 전해 준 것입니다. 실제 앱은 이것을 보여 주지 않습니다.",
    id_token: "ID 토큰",
    id_token_line: "누구인지를 말해 주며, 이 가게만을 위한 것입니다.",
    access_token: "액세스 토큰",
    access_token_line: "서비스를 엽니다. 서비스는 방금 이 페이지가 그랬듯 공개된 키로 스스로 검증합니다.",
    userinfo: "UserInfo",
    userinfo_line: "액세스 토큰을 가진 앱에 해치가 답하는 내용입니다.",
    header: "헤더",
    claims: "클레임",
    raw: "전송되는 모습",
    verified: "서명을 검증한 키",
    not_verified: "서명을 검증할 수 없습니다",
    refresh: "새 토큰 받기",
    refresh_line: "리프레시 토큰을 사용합니다. 쓸 때마다 새것으로 바뀝니다.",
    refreshed: "새로 받은 횟수",
    signed_out: "가게와 해치에서 로그아웃했습니다.",
    ordered: "고맙습니다",
    ordered_line: "시연용이므로 보내 드리는 물건도, 청구되는 금액도 없습니다.",
    problem: "잘되지 않았습니다",
    refused: "해치가 로그인 없이 돌려보냈습니다:",
    lost_login: "이 브라우저에서 시작한 로그인에 대한 응답이 아닙니다. 다시 로그인해 주세요.",
    no_login_here: "해치에 연결할 수 없습니다:",
    not_found: "여기에는 아무것도 없습니다.",
    footer: "해치 시연",
};
