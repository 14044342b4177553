//! Files that pages load: the style sheet, scripts, the mark. They are compiled in, and their addresses change with their
//! content, so that a browser may keep them for ever and never shows yesterday's.
//!
//! To add one: put it under `assets/web/`, name it in [`ASSETS`], and write [`script`] into the page that needs it. Scripts
//! come from here alone (`script-src 'self'`), and a page must work without them.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// One file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// As in the address after `/assets/`.
    pub name: &'static str,
    /// Its content type.
    pub kind: &'static str,
    pub body: &'static [u8],
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The one style sheet of all supervisors' pages, of files that each do one thing.
pub const STYLE: &str = concat!(
    include_str!("../../../assets/web/tokens.css"),
    include_str!("../../../assets/web/layout.css"),
    include_str!("../../../assets/web/components.css"),
    include_str!("../../../assets/web/figures.css"),
    include_str!("../../../assets/web/print.css"),
);

/// All files that are served under `/assets/`.
pub const ASSETS: &[Asset] = &[
    Asset { name: "style.css", kind: "text/css; charset=utf-8", body: STYLE.as_bytes() },
    Asset { name: "mark.svg", kind: "image/svg+xml", body: include_bytes!("../../../assets/web/mark.svg") },
    Asset { name: "refresh.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/refresh.js") },
];

/// The address of a file of [`ASSETS`], with its content's hash. A name that is not there leads nowhere; a test looks for
/// such.
pub fn address(name: &str) -> &'static str {
    addresses().get(name).map_or("/assets/none", String::as_str)
}

/// A script of ours, run when the page has been read.
pub fn script(name: &str) -> Markup {
    html! { script src=(address(name)) defer {} }
}

/// Answers `/assets/{name}`.
pub async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.name == name) else { return StatusCode::NOT_FOUND.into_response() };
    // Only under the address that names this very content may it be kept: an old page must not fetch a new file for ever.
    let current = query.is_some_and(|q| address(&name).ends_with(&format!("?{q}")));
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (headers, asset.body).into_response()
}

fn addresses() -> &'static HashMap<&'static str, String> {
    static ADDRESSES: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    ADDRESSES.get_or_init(|| {
        let hashed = |a: &Asset| format!("/assets/{}?v={}", a.name, &blake3::hash(a.body).to_hex()[..12]);
        ASSETS.iter().map(|a| (a.name, hashed(a))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_needs_nothing_from_elsewhere() {
        assert!(!STYLE.contains("@import") && !STYLE.contains("http") && !STYLE.contains("url("));
        assert_eq!(STYLE.matches('{').count(), STYLE.matches('}').count());
    }

    #[tokio::test]
    async fn a_file_is_kept_under_its_own_address_only() {
        for asset in ASSETS {
            let query = address(asset.name).split_once('?').map(|(_, query)| query.to_owned());
            let response = serve(Path(asset.name.to_owned()), RawQuery(query)).await;
            assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().ends_with("immutable"));
            for other in [None, Some("v=0123456789ab".to_owned()), Some("v=".to_owned())] {
                let response = serve(Path(asset.name.to_owned()), RawQuery(other)).await;
                assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
            }
        }
        assert_eq!(serve(Path("../secret".to_owned()), RawQuery(None)).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(address("nothing.js"), "/assets/none");
    }
}
