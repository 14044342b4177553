//! What is sent to routes that change something.

use super::things::{HALL, Things, terms};

/// What any form of the centre could want; whatever a form does not know it leaves aside.
pub fn form() -> Vec<(&'static str, String)> {
    vec![
        ("name", "改名".to_owned()),
        ("login", "eindringling".to_owned()),
        ("role", "auditor".to_owned()),
        ("staff_no", String::new()),
        ("part", format!("hall:{HALL}")),
        ("word", "看过".to_owned()),
        ("words", "看过了".to_owned()),
        ("reason", "群众要求回访".to_owned()),
        ("choice", "reinstalled".to_owned()),
        ("kiosk", "K09".to_owned()),
        ("hall", HALL.to_owned()),
        ("window", format!("{HALL}/W01")),
        ("scope", format!("hall:{HALL}")),
        ("unit", String::new()),
        ("parent", String::new()),
        ("from", "2026-11-01".to_owned()),
        ("to", "2026-11-20".to_owned()),
        ("visible_from", "2026-12-01".to_owned()),
        ("min_n", "10".to_owned()),
        ("address", "by=window".to_owned()),
        ("pin", "4711".to_owned()),
        ("revision", "1".to_owned()),
        ("kind", "tampering".to_owned()),
        ("file", "staff".to_owned()),
        ("severity", "severe".to_owned()),
        ("grain", "each_hall".to_owned()),
        ("cooldown_minutes", "10".to_owned()),
        ("enabled", "on".to_owned()),
        ("title", "外来标题".to_owned()),
        ("day", "2026-11-20".to_owned()),
        ("issuer", "外来".to_owned()),
        ("criteria", "理论 40\r\n实操 60".to_owned()),
        ("about", format!("window:{HALL}:W01")),
        ("period", "2026-11".to_owned()),
        ("score", "50".to_owned()),
        ("text", "外来的话".to_owned()),
        ("why", "外来的理由".to_owned()),
        ("attended", "yes".to_owned()),
        ("c1", "3".to_owned()),
        ("c2", "3".to_owned()),
    ]
}

/// Names of the file in forms that come with one.
pub fn file(path: &str) -> Option<&'static str> {
    const WITH_FILES: [(&str, &str); 5] = [
        ("/cases/{id}/evidence", "piece"),
        ("/contests/{id}/scores", "file"),
        ("/stories/{id}/picture", "picture"),
        ("/halls/{hall}/staff/{key}/portrait", "portrait"),
        ("/halls/{hall}/import", "file"),
    ];
    WITH_FILES.iter().find(|(of, _)| *of == path).map(|(_, name)| *name)
}

pub fn body(things: &Things, path: &str) -> serde_json::Value {
    let terms = serde_json::to_value(terms(things.destination)).unwrap();
    match path {
        "/api/v1/alerts/rules" | "/api/v1/alerts/rules/{id}" => terms,
        "/api/v1/alerts/{id}/acknowledge" => serde_json::json!({ "word": "看过" }),
        "/api/v1/entries/{book}/{visit}/words" => serde_json::json!({ "reason": "群众要求回访" }),
        "/api/v1/enrol-codes" => serde_json::json!({ "kiosk": "K09", "hall": HALL, "window": "W01" }),
        path if path.ends_with("/retire") && path.contains("fleet") => {
            serde_json::json!({ "reason": "reinstalled", "words": "看过了" })
        }
        path if path.ends_with("/explanation") => serde_json::json!({ "reason": "reinstalled", "words": "看过了" }),
        "/api/v1/cases/{id}/work" => serde_json::json!({ "act": "rectify", "note": "看过了" }),
        "/api/v1/cases/{id}/decide" => {
            serde_json::json!({ "act": "decide", "matter": "verdict", "approve": true, "note": "看过了" })
        }
        "/api/v1/own/cases/{id}/appeal" => serde_json::json!({ "text": "不服" }),
        "/api/v1/matters" => serde_json::json!({ "hall": HALL, "events": [
            { "case_no": "2026/A", "step": "accepted", "wall_ms": 1_764_000_000_000_i64, "service_window": "W01" },
        ] }),
        "/api/v1/selections" => serde_json::json!({
            "title": "外来评选", "honour": "service_exemplar", "halls": [HALL], "from": "2026-11-01", "to": "2026-11-20",
        }),
        "/api/v1/selections/{id}/steps" => serde_json::json!({ "step": "compute" }),
        "/api/v1/selections/{id}/decisions" => serde_json::json!({ "decision": "vote", "agrees": true }),
        path if path.ends_with("/decision") => serde_json::json!({ "verdict": "held", "words": "看过了" }),
        _ => serde_json::json!({}),
    }
}
