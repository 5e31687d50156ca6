//! What the shop sells.

use crate::model::{Locale, Localized};

/// An item of the shop.
pub(super) struct Product {
    /// Its name in addresses and of its picture.
    pub(super) id: &'static str,
    name: Localized,
    line: Localized,
    /// The price, in thousands of won.
    price: u32,
}

impl Product {
    /// What it is called.
    pub(super) fn name(&self, locale: Locale) -> &'static str {
        self.name.of(locale)
    }

    /// A line about it.
    pub(super) fn line(&self, locale: Locale) -> &'static str {
        self.line.of(locale)
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
        name: Localized { en: "Moon jar", ko: "달항아리" },
        line: Localized {
            en: "White porcelain, joined from two bowls, never quite round.",
            ko: "두 사발을 이어 빚은, 꼭 둥글지만은 않은 백자.",
        },
        price: 148,
    },
    Product {
        id: "tiger",
        name: Localized { en: "Tiger and magpie", ko: "까치와 호랑이" },
        line: Localized {
            en: "A print after the folk paintings that guard a home in the new year.",
            ko: "새해에 집을 지키던 민화를 옮긴 판화.",
        },
        price: 39,
    },
    Product {
        id: "hanji",
        name: Localized { en: "Hanji notebook", ko: "한지 공책" },
        line: Localized {
            en: "Mulberry paper, bound with five holes and a red thread.",
            ko: "닥종이를 다섯 구멍과 붉은 실로 묶은 공책.",
        },
        price: 18,
    },
    Product {
        id: "tea",
        name: Localized { en: "Buckwheat tea", ko: "메밀차" },
        line: Localized { en: "Roasted, nutty, without caffeine.", ko: "구수하게 볶은, 카페인 없는 차." },
        price: 12,
    },
];

/// The product of that name.
pub(super) fn find(id: &str) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id)
}
