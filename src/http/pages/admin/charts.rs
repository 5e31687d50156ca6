//! Charts, drawn by the server: bars in an SVG, which patterns tell apart without colour, and the same numbers in a table.
//!
//! Owns where a bar stands and how high it is. Leaves what is counted to its callers.

/// The drawing: its width and height, and where the bars stand in it.
const WIDTH: f64 = 560.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 120.0;
/// How much of its place a bar takes.
const FILLED: f64 = 0.72;

/// What is counted in one series.
pub(super) struct Counted {
    pub(super) name: String,
    pub(super) points: Vec<u64>,
}

/// A chart of one or more series, whose bars stand on each other.
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) series: Vec<Counted>,
    /// What each place is called.
    pub(super) places: Vec<String>,
    pub(super) bars: Vec<Bar>,
    /// How high the highest place is.
    pub(super) most: u64,
}

/// A bar, in the drawing's units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    /// Which series it is of.
    pub(super) series: usize,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Chart {
    pub(super) fn new(id: &'static str, title: String, places: Vec<String>, series: Vec<Counted>) -> Self {
        let points: Vec<&[u64]> = series.iter().map(|series| series.points.as_slice()).collect();
        let (bars, most) = drawn(&points, places.len());
        Self { id, title, series, places, bars, most }
    }

    /// How often in all.
    pub(super) fn total(&self) -> u64 {
        self.series.iter().flat_map(|series| &series.points).sum()
    }

    /// What was counted at a place, series by series.
    pub(super) fn at(&self, place: usize) -> Vec<u64> {
        self.series.iter().map(|series| series.points.get(place).copied().unwrap_or_default()).collect()
    }
}

/// The bars of series that stand on each other at each place, and how high the highest is.
#[allow(clippy::cast_precision_loss, reason = "a bar is drawn to a tenth of a pixel")]
fn drawn(series: &[&[u64]], places: usize) -> (Vec<Bar>, u64) {
    let at = |series: &[u64], place: usize| series.get(place).copied().unwrap_or_default();
    let heights = (0..places).map(|place| series.iter().map(|series| at(series, place)).sum::<u64>());
    let most = heights.max().unwrap_or_default();
    let (room, scale) = (WIDTH / places.max(1) as f64, (BOTTOM - TOP) / most.max(1) as f64);
    let mut bars = Vec::new();
    for place in 0..places {
        let mut floor = BOTTOM;
        for (number, series) in series.iter().enumerate() {
            let height = at(series, place) as f64 * scale;
            if height > 0.0 {
                // What happened once is seen beside what happened a thousand times.
                let height = height.max(1.0);
                floor -= height;
                let x = room * (place as f64 + (1.0 - FILLED) / 2.0);
                bars.push(Bar {
                    series: number,
                    x: tenth(x),
                    y: tenth(floor),
                    width: tenth(room * FILLED),
                    height: tenth(height),
                });
            }
        }
    }
    (bars, most)
}

fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// A share of the most, in percent.
#[allow(clippy::cast_precision_loss, reason = "a share is drawn to a tenth of a percent")]
pub(super) fn share(of: u64, most: u64) -> f64 {
    tenth(of as f64 * 100.0 / most.max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_each_other_and_the_highest_reaches_the_top() {
        let (bars, most) = drawn(&[&[1, 0, 3], &[1, 0, 1]], 3);
        assert_eq!((bars.len(), most), (4, 4));
        assert_eq!((bars[0].y + bars[0].height, bars[1].y + bars[1].height), (BOTTOM, bars[0].y));
        assert!((bars[3].y - TOP).abs() < 0.2, "{:?}", bars[3]);
        assert!(bars.iter().all(|bar| bar.x >= 0.0 && bar.x + bar.width <= WIDTH));
    }

    #[test]
    fn nothing_is_an_empty_drawing_and_little_is_still_seen() {
        assert_eq!(drawn(&[&[0, 0]], 2), (Vec::new(), 0));
        assert_eq!(drawn(&[], 0), (Vec::new(), 0));
        let (bars, _) = drawn(&[&[1, 1_000_000]], 2);
        assert!(bars[0].height >= 1.0);
        assert_eq!((share(1, 4), share(0, 0)), (25.0, 0.0));
    }
}
