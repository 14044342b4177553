//! The rectangles of each screen.

use egui::Rect;

/// What all screens share.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// The bar with the hall's name.
    pub header: Rect,
    /// Within the header.
    pub hall: Rect,
    /// Within the header.
    pub clock: Rect,
    /// Language toggle: in the header, on a pillar at the foot.
    pub language: Rect,
    /// Senior toggle, beside it.
    pub senior: Rect,
    /// All that is left, inside the margins.
    pub body: Rect,
}

/// Who serves, and five faces.
#[derive(Debug, Clone, Copy)]
pub struct CardScreen {
    pub frame: Frame,
    pub panel: Rect,
    /// “Please rate …”.
    pub prompt: Rect,
    /// Hotline or status, at the end of the prompt's row.
    pub aside: Rect,
    /// Five equal tiles, in the order of the installation.
    pub ratings: [Rect; 5],
}

/// Inside the card panel.
#[derive(Debug, Clone, Copy)]
pub struct CardPanel {
    pub photo: Rect,
    pub identity: Rect,
    pub pledges: Rect,
    /// The code and its caption; on the smaller screens senior mode gives its room to larger words instead.
    pub qr: Option<Rect>,
}

/// A question with chips and two buttons.
#[derive(Debug, Clone, Copy)]
pub struct ReasonsScreen {
    pub frame: Frame,
    pub title: Rect,
    pub subtitle: Rect,
    pub countdown: Rect,
    pub chips: Rect,
    pub chip_height: f32,
    pub secondary: Rect,
    pub primary: Rect,
}

/// Thanks, a receipt code, a QR code.
#[derive(Debug, Clone, Copy)]
pub struct ThanksScreen {
    pub frame: Frame,
    pub panel: Rect,
    pub mark: Rect,
    pub title: Rect,
    pub message: Rect,
    pub qr: Rect,
    pub countdown: Rect,
    pub done: Rect,
}

/// A title, an open space, and a row of buttons: standby, staff, maintenance, trouble.
#[derive(Debug, Clone, Copy)]
pub struct PanelScreen {
    pub frame: Frame,
    pub title: Rect,
    pub content: Rect,
    /// A row for [`super::Layout::row`].
    pub actions: Rect,
}

/// A number pad beside (on a pillar, below) what it is for.
#[derive(Debug, Clone, Copy)]
pub struct PadScreen {
    pub frame: Frame,
    pub title: Rect,
    pub side: Rect,
    pub display: Rect,
    /// 1–9, then left, 0, right.
    pub keys: [Rect; 12],
    pub back: Rect,
}
