//! Files that pages load: the style sheet, scripts, the mark. They are compiled in, and their addresses change with their
//! content, so that a browser may keep them for ever and never shows yesterday's.
//!
//! To add one: put it under `assets/web/`, name it in [`ASSETS`], and write [`script`] into the page that needs it. Scripts
//! come from here alone (`script-src 'self'`), and a page must work without them.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
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
    include_str!("../../../assets/web/charts.css"),
    include_str!("../../../assets/web/editor.css"),
    include_str!("../../../assets/web/questions.css"),
    include_str!("../../../assets/web/accounts.css"),
    include_str!("../../../assets/web/contests.css"),
    include_str!("../../../assets/web/inspections.css"),
    include_str!("../../../assets/web/print.css"),
);

/// All files that are served under `/assets/`.
pub const ASSETS: &[Asset] = &[
    Asset { name: "style.css", kind: "text/css; charset=utf-8", body: STYLE.as_bytes() },
    Asset {
        name: "public.css",
        kind: "text/css; charset=utf-8",
        body: include_bytes!("../../../assets/web/public.css"),
    },
    Asset { name: "mark.svg", kind: "image/svg+xml", body: include_bytes!("../../../assets/web/mark.svg") },
    Asset { name: "preview.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/preview.js") },
    Asset { name: "refresh.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/refresh.js") },
    Asset { name: "charts.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/charts.js") },
    Asset { name: "visit.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/visit.js") },
    Asset { name: "echarts.js", kind: SCRIPT, body: include_bytes!("../../../assets/web/vendor/echarts.min.js") },
];

/// Files below this size are sent as they are.
const WORTH_PACKING: usize = 16 * 1024;

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
pub async fn serve(Path(name): Path<String>, RawQuery(query): RawQuery, asked: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|a| a.name == name) else { return StatusCode::NOT_FOUND.into_response() };
    // Only under the address that names this very content may it be kept: an old page must not fetch a new file for ever.
    let current = query.is_some_and(|q| address(&name).ends_with(&format!("?{q}")));
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    if asset.body.len() < WORTH_PACKING {
        return (headers, asset.body).into_response();
    }
    let varies = (header::VARY, HeaderValue::from_static("accept-encoding"));
    match packed().get(asset.name).filter(|_| takes_gzip(&asked)) {
        Some(body) => {
            let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (headers, [varies, encoding], axum::body::Bytes::from_static(body)).into_response()
        }
        None => (headers, [varies], asset.body).into_response(),
    }
}

/// Large files as gzip, made once, at the first request for one.
fn packed() -> &'static HashMap<&'static str, Vec<u8>> {
    static PACKED: OnceLock<HashMap<&'static str, Vec<u8>>> = OnceLock::new();
    PACKED.get_or_init(|| {
        let large = ASSETS.iter().filter(|a| a.body.len() >= WORTH_PACKING);
        large.filter_map(|a| Some((a.name, gzip(a.body).ok()?))).collect()
    })
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, body)?;
    encoder.finish()
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let all = asked.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(',')).map(str::trim).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
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
            let response = serve(Path(asset.name.to_owned()), RawQuery(query), HeaderMap::new()).await;
            assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().ends_with("immutable"));
            for other in [None, Some("v=0123456789ab".to_owned()), Some("v=".to_owned())] {
                let response = serve(Path(asset.name.to_owned()), RawQuery(other), HeaderMap::new()).await;
                assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
            }
        }
        let nowhere = serve(Path("../secret".to_owned()), RawQuery(None), HeaderMap::new()).await;
        assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
        assert_eq!(address("nothing.js"), "/assets/none");
    }

    #[tokio::test]
    async fn a_large_file_is_packed_for_whoever_takes_it_so_and_is_the_same_unpacked() {
        use std::io::Read as _;
        let library = ASSETS.iter().find(|a| a.name == "echarts.js").unwrap();
        for (encodings, packed) in [("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0", false), ("identity", false)] {
            let asked = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))]);
            let response = serve(Path("echarts.js".to_owned()), RawQuery(None), asked).await;
            assert_eq!(response.headers()[header::VARY], "accept-encoding");
            assert_eq!(response.headers().contains_key(header::CONTENT_ENCODING), packed, "{encodings}");
            let body = axum::body::to_bytes(response.into_body(), 2_000_000).await.unwrap();
            let mut whole = Vec::new();
            if packed {
                assert!(body.len() * 5 < library.body.len() * 2, "{} bytes", body.len());
                flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut whole).unwrap();
            } else {
                whole.extend_from_slice(&body);
            }
            assert!(whole == library.body, "{encodings}");
        }
    }

    #[test]
    fn the_vendored_library_is_the_one_that_its_list_names() {
        let library = ASSETS.iter().find(|a| a.name == "echarts.js").unwrap();
        let list = include_str!("../../../assets/web/vendor/README.md");
        let sum = blake3::hash(library.body).to_hex();
        assert!(list.contains(sum.as_str()), "assets/web/vendor/README.md names another BLAKE3 checksum than {sum}");
    }
}
