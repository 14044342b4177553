//! Stroke drawings for the navigation, all in one hand: 20 × 20, round ends, drawn in the text's colour.

use maud::{Markup, html};

/// What a drawing stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Overview,
    Statistics,
    Report,
    Bell,
    Person,
    People,
    ServiceWindow,
    Pledge,
    Item,
    Speaker,
    Kiosk,
    Ledger,
    Publish,
    Key,
    Journal,
    Settings,
    Link,
    Menu,
    Case,
    Magnifier,
    Award,
    Calendar,
    Scales,
    Hands,
    Speech,
    Cup,
}

/// Says nothing to a screen reader: a word stands beside it.
pub fn icon(of: Icon) -> Markup {
    html! { svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" { path d=(path(of)) {} } }
}

const fn path(of: Icon) -> &'static str {
    match of {
        Icon::Overview => "M3 10.5a7 7 0 0 1 14 0M10 11l3.5-4M5 16h10",
        Icon::Statistics => "M3 17h14M5.5 17v-5M10 17V4M14.5 17V9",
        Icon::Report => "M5 2.5h7l3.5 3.5v11.5h-10.5zM12 2.5V6h3.5M8 10h4.5M8 13.5h4.5",
        Icon::Bell => "M4 14.5h12c-1.5-1.5-1.5-3-1.5-5.5a4.5 4.5 0 0 0-9 0c0 2.5 0 4-1.5 5.500zM8.5 17.500h3",
        Icon::Person => "M10 10a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.500zM3.5 17a6.5 5 0 0 1 13 0",
        Icon::People => {
            "M7.5 9.500a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.500zM2 16.500a5.5 4.5 0 0 1 11 0M13 4.300a2.75 2.75 0 0 1 0 5M15 12.500a5 4.5 0 0 1 3 4"
        }
        Icon::ServiceWindow => "M3 4h14v9H3zM2 16.500h16M10 4v9",
        Icon::Pledge => "M10 2.500l6 2v5c0 4-2.5 6.5-6 8-3.5-1.5-6-4-6-8v-5zM7.5 10l2 2 3.5-4",
        Icon::Item => "M4 4.500h2M9 4.500h7M4 10h2M9 10h7M4 15.500h2M9 15.500h7",
        Icon::Speaker => "M3 8v4h3l7 4V4L6 8zM16 8a3 3 0 0 1 0 4",
        Icon::Kiosk => "M4.5 2.500h11v10h-11zM10 12.500v5M6.5 17.500h7",
        Icon::Ledger => "M7 6.500H5a3.5 3.5 0 0 0 0 7h2M13 6.500h2a3.5 3.5 0 0 1 0 7h-2M6.5 10h7",
        Icon::Publish => "M10 13V3M6 6.500L10 2.500l4 4M3.5 12v5h13v-5",
        Icon::Key => "M7 13.500a4 4 0 1 1 3.5-6H17.500v3h-2v2.500h-3v-2.500h-2",
        Icon::Journal => "M5 2.500h10.500v15H5zM8 2.500v15M11 6.500h2M11 9.500h2M3 6h2M3 10h2M3 14h2",
        Icon::Case => "M4 3.500h12v13H4zM7 3.500v-1.500h6v1.500M7 10.500l2 2 4-4.500",
        Icon::Magnifier => "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12.500 12.500l5 5",
        Icon::Award => "M10 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM7 11l-1.500 6.500L10 15l4.5 2.500L13 11",
        Icon::Calendar => "M3 4.500h14v12.500H3zM3 8.500h14M7 2.500v3.500M13 2.500v3.500",
        Icon::Scales => "M10 3v14M5 17h10M3 6h14M5 6l-2.500 5.500h5zM15 6l-2.500 5.500h5z",
        Icon::Hands => "M3 9l4-4 3 2.500L13 5l4 4-6.500 7.500zM7 11l2 2M9.500 9l2.500 2.500",
        Icon::Speech => "M3 4h14v9.500H9.500l-4 3.500v-3.500H3zM6.5 7.500h7M6.5 10.500h4.500",
        Icon::Cup => "M6 3h8v5a4 4 0 0 1-8 0zM6 4.500H3c0 3 1 4.500 3 5M14 4.500h3c0 3-1 4.500-3 5M10 12v3M6.5 17h7",
        Icon::Settings => "M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4",
        Icon::Link => "M11.5 3.500h5v5M16.5 3.500L9 11M8 4.500H3.500v12h12V12",
        Icon::Menu => "M3 5h14M3 10h14M3 15h14",
    }
}
