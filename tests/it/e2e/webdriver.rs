//! A phone: Chromium, driven through chromedriver's WebDriver protocol.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::process::Running;

/// The key under which WebDriver hides an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// One browser with one page, closed with the value.
pub struct Browser {
    _driver: Running,
    session: String,
    http: Http,
}

/// A thing on the page.
#[derive(Debug, Clone)]
pub struct Element(String);

/// How a browser differs from the usual one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Pages run no scripts. Clicks then go through [`Browser::tap`].
    pub scriptless: bool,
    /// What pages ask for and are answered is kept for [`Browser::overheard`].
    pub overheard: bool,
}

impl Browser {
    /// A window of the given size in CSS pixels.
    pub fn open(width: u32, height: u32, language: &str) -> Self {
        Self::open_as(Manner::default(), width, height, language)
    }

    pub fn open_as(manner: Manner, width: u32, height: u32, language: &str) -> Self {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = Running::start(command);
        let out = BufReader::new(driver.child.stdout.take().expect("piped"));
        let port = out
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse::<u16>().ok())
            .expect("chromedriver's port");
        let http = Http::new(format!("http://127.0.0.1:{port}"));
        let mobile = json!({"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2.0, "touch": true}});
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
                format!("--window-size={width},{height}"), format!("--accept-lang={language}")],
            "prefs": {"intl.accept_languages": language},
        });
        let mut options = options;
        if manner.scriptless {
            // 2: blocked, as a person would choose it for all sites.
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        if width < 600 {
            options["mobileEmulation"] = mobile;
        }
        let logs =
            if manner.overheard { json!({"browser": "ALL", "performance": "ALL"}) } else { json!({"browser": "ALL"}) };
        let wanted = json!({"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs});
        let answer = http.post("/session", &json!({"capabilities": {"alwaysMatch": wanted}}));
        let session = answer["sessionId"].as_str().expect("a session").to_owned();
        Self { _driver: driver, session, http }
    }

    /// Opens an address; returns when the page is loaded.
    pub fn go(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    pub fn back(&self) {
        self.post("/back", &json!({}));
    }

    pub fn reload(&self) {
        self.post("/refresh", &json!({}));
    }

    pub fn address(&self) -> String {
        self.get("/url").as_str().unwrap_or_default().to_owned()
    }

    /// The page's visible text, in one look: the page may be on its way out.
    pub fn text(&self) -> String {
        self.run("return document.body ? document.body.innerText : ''").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    #[track_caller]
    pub fn sees(&self, words: &str) {
        let shown = || self.text().contains(words).then_some(());
        let start = std::time::Instant::now();
        while shown().is_none() {
            assert!(start.elapsed() < PATIENCE, "{words:?} is not on the page: {}", self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The first element that a CSS selector finds.
    #[track_caller]
    pub fn find(&self, css: &str) -> Element {
        self.find_all(css).into_iter().next().unwrap_or_else(|| panic!("no {css} on {}", self.address()))
    }

    pub fn find_all(&self, css: &str) -> Vec<Element> {
        let found = self.post("/elements", &json!({"using": "css selector", "value": css}));
        let list = found.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|e| e[ELEMENT].as_str()).map(|id| Element(id.to_owned())).collect()
    }

    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Clicks what leads to another page, and waits until that has come: the driver itself does not always wait for the
    /// answer to a form.
    #[track_caller]
    pub fn follow(&self, css: &str) {
        self.run("window.isLeft = false");
        self.click(css);
        let has_come = || {
            let come = self.run("return window.isLeft === undefined && document.readyState === 'complete'");
            (come == true).then_some(())
        };
        super::wait::eventually(&format!("the page after {css}"), PATIENCE, has_come);
    }

    #[track_caller]
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text }));
    }

    /// Types over what stands there.
    #[track_caller]
    pub fn retype(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.post(&format!("/element/{}/clear", element.0), &json!({}));
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text }));
    }

    /// Presses the mouse on the middle of an element: a click that needs no script on the page.
    #[track_caller]
    pub fn tap(&self, css: &str) {
        let middle = self.run(&format!(
            "const e = document.querySelector({css:?}); if (!e) return null; e.scrollIntoView({{block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]"
        ));
        let (x, y) = (&middle[0], &middle[1]);
        assert!(x.is_number(), "no {css} on {}", self.address());
        for kind in ["mousePressed", "mouseReleased"] {
            let press = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.tell("Input.dispatchMouseEvent", &press);
        }
    }

    /// Files that pages offer are kept in `folder`.
    pub fn keep_files_in(&self, folder: &std::path::Path) {
        self.tell("Browser.setDownloadBehavior", &json!({"behavior": "allow", "downloadPath": folder}));
    }

    /// A command of the DevTools protocol.
    fn tell(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Left, top, width and height in CSS pixels.
    pub fn rect(&self, element: &Element) -> [f64; 4] {
        let rect = self.get(&format!("/element/{}/rect", element.0));
        ["x", "y", "width", "height"].map(|k| rect[k].as_f64().unwrap_or(f64::NAN))
    }

    /// A PNG of what the window shows.
    pub fn screenshot(&self) -> Vec<u8> {
        let text = self.get("/screenshot");
        BASE64.decode(text.as_str().unwrap_or_default().as_bytes()).expect("base64")
    }

    /// Runs a script's text as a function body and returns its value.
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// The same for a script that calls its last argument when it is done.
    pub fn run_until_called(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    /// What the console has said since it was last asked, warnings and errors only.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().cloned().unwrap_or_default();
        let bad = lines.iter().filter(|l| matches!(l["level"].as_str(), Some("SEVERE" | "WARNING")));
        bad.filter_map(|l| l["message"].as_str()).map(str::to_owned).collect()
    }

    /// Events of the DevTools protocol since it was last asked, if the browser was opened to keep them.
    pub fn overheard(&self) -> Vec<Value> {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let lines = log.as_array().cloned().unwrap_or_default();
        let event = |line: Value| serde_json::from_str::<Value>(line["message"].as_str()?).ok();
        lines.into_iter().filter_map(event).map(|mut event| event["message"].take()).collect()
    }

    fn get(&self, path: &str) -> Value {
        self.http.get(&format!("/session/{}{path}", self.session))
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.http.post(&format!("/session/{}{path}", self.session), body)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.http.delete(&format!("/session/{}", self.session));
    }
}

/// A plain client of JSON over HTTP on this machine, without proxies.
pub struct Http {
    base: String,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Http {
    pub fn new(base: String) -> Self {
        // Also without TLS the client wants to know who would do it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only(std::iter::empty())
            .timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { base, client, runtime }
    }

    fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(self.client.get(format!("{}{path}", self.base)));
        value(status, &body)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let (status, body) = self.send(self.client.post(format!("{}{path}", self.base)).json(body));
        value(status, &body)
    }

    fn delete(&self, path: &str) {
        let url = format!("{}{path}", self.base);
        let _ = self.runtime.block_on(async { self.client.delete(url).send().await });
    }

    fn send(&self, request: reqwest::RequestBuilder) -> (u16, String) {
        self.runtime.block_on(async {
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            (status, answer.text().await.expect("its text"))
        })
    }
}

#[track_caller]
fn value(status: u16, body: &str) -> Value {
    assert_eq!(status, 200, "{body}");
    serde_json::from_str::<Value>(body).expect("JSON")["value"].take()
}
