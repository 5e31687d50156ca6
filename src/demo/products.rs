//! What the shop sells.

use super::texts::Language;

/// One thing.
pub(super) struct Product {
    /// Its name in addresses and of its picture.
    pub(super) id: &'static str,
    english: &'static str,
    korean: &'static str,
    english_line: &'static str,
    korean_line: &'static str,
    /// Thousands of won.
    price: u32,
}

impl Product {
    /// What it is called.
    pub(super) fn name(&self, language: Language) -> &'static str {
        language.pick(self.english, self.korean)
    }

    /// A line about it.
    pub(super) fn line(&self, language: Language) -> &'static str {
        language.pick(self.english_line, self.korean_line)
    }

    /// What it costs.
    pub(super) fn price(&self) -> String {
        format!("₩{},000", self.price)
    }
}

/// Everything in the shop.
pub(super) const PRODUCTS: &[Product] = &[
    Product {
        id: "moonjar",
        english: "Moon jar",
        korean: "달항아리",
        english_line: "White porcelain, joined from two bowls, never quite round.",
        korean_line: "두 사발을 이어 빚은, 꼭 둥글지만은 않은 백자.",
        price: 148,
    },
    Product {
        id: "tiger",
        english: "Tiger and magpie",
        korean: "까치와 호랑이",
        english_line: "A print after the folk paintings that guard a home in the new year.",
        korean_line: "새해에 집을 지키던 민화를 옮긴 판화.",
        price: 39,
    },
    Product {
        id: "hanji",
        english: "Hanji notebook",
        korean: "한지 공책",
        english_line: "Mulberry paper, bound with five holes and a red thread.",
        korean_line: "닥종이를 다섯 구멍과 붉은 실로 묶은 공책.",
        price: 18,
    },
    Product {
        id: "tea",
        english: "Buckwheat tea",
        korean: "메밀차",
        english_line: "Roasted, nutty, without caffeine.",
        korean_line: "구수하게 볶은, 카페인 없는 차.",
        price: 12,
    },
];

/// The product of that name.
pub(super) fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}
