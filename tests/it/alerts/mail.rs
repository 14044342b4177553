//! E-mail through aiosmtpd, a mail server of another author: in the clear, encrypted with a password, and all that a
//! server may get wrong.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use pingyi::centre::alerts::destinations::Address;
use pingyi::centre::alerts::outbox::DeliveryOutcome;
use pingyi::config::alerts::{SmtpConfig, SmtpSecurity};
use pingyi::domain::rating::Satisfaction::{Satisfied, VeryDissatisfied};
use serde_json::Value;

use super::hall::{Hall, python_with};

/// The mail server, until it is dropped.
struct Server {
    child: Child,
    lines: Receiver<Value>,
}

impl Server {
    fn start(python: &str, port: u16, user: &str, password: &str, certificate: Option<&Path>) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/alerts/mailbox.py");
        let certificate = certificate.map(|dir| (dir.join("server.pem"), dir.join("server.key")));
        let text = |path: Option<&Path>| path.map(|p| p.display().to_string()).unwrap_or_default();
        let mut child = Command::new(python)
            .args([script, &port.to_string(), user, password])
            .arg(text(certificate.as_ref().map(|c| c.0.as_path())))
            .arg(text(certificate.as_ref().map(|c| c.1.as_path())))
            .stdout(Stdio::piped())
            // It writes down what went wrong, and here things go wrong on purpose.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = send.send(serde_json::from_str(&line).unwrap());
            }
        });
        let server = Self { child, lines };
        assert_eq!(server.line()["port"], port);
        server
    }

    fn line(&self) -> Value {
        self.lines.recv_timeout(Duration::from_secs(30)).expect("the mail server says nothing")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn smtp(host: &str, port: u16, security: SmtpSecurity) -> SmtpConfig {
    SmtpConfig {
        host: host.to_owned(),
        port,
        security,
        from: "pingyi@example.gov.cn".parse().unwrap(),
        user: None,
        password_file: None,
        ca_file: None,
    }
}

fn to() -> Address {
    Address::Mail { to: "duty@example.gov.cn".to_owned() }
}

/// The text of a mail's base64 or quoted body, by Python's own reader.
fn read(python: &str, mail: &Value) -> (String, String) {
    let code = "import email,email.policy,sys; m=email.message_from_string(sys.argv[1],policy=email.policy.default); \
                print(m['subject']); print(m.get_content())";
    let out = Command::new(python)
        .env("PYTHONIOENCODING", "utf-8")
        .args(["-c", code, mail["text"].as_str().unwrap()])
        .output();
    let text = String::from_utf8(out.unwrap().stdout).unwrap();
    let (subject, body) = text.split_once('\n').unwrap();
    (subject.to_owned(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_ratings_reach_a_mailbox_once_the_mail_server_is_there() {
    let Some(python) = python_with("aiosmtpd") else { return };
    let port = free_port();
    let mut hall = Hall::open(|config| config.alerts.smtp = Some(smtp("127.0.0.1", port, SmtpSecurity::None))).await;
    hall.destination(to(), b"").await;
    hall.rate(&[VeryDissatisfied, Satisfied, VeryDissatisfied, VeryDissatisfied]).await;
    assert_eq!(hall.tries(1).await, (DeliveryOutcome::Unreachable, None));
    hall.stop().await;

    let server = Server::start(python, port, "", "", None);
    hall.start().await;
    hall.hurry();
    let mail = server.line();
    assert_eq!((&mail["to"][0], &mail["from"]), (&"duty@example.gov.cn".into(), &"pingyi@example.gov.cn".into()));
    let (subject, body) = read(python, &mail);
    assert!(subject.starts_with("[评议·严重] 差评集中：") && subject.contains("3 号"), "{subject}");
    assert!(body.contains("4 次评价中差评 3 次（75.0%）") && body.contains("95% 区间"), "{body}");
    assert_eq!(hall.tries(2).await, (DeliveryOutcome::Delivered, Some(250)));
    hall.sent().await;
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_server_with_a_password_is_used_as_configured_or_not_at_all() {
    let Some(python) = python_with("aiosmtpd") else { return };
    let (dir, port) = (tempfile::tempdir().unwrap(), free_port());
    let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(dir.path().join("server.pem"), certified.cert.pem()).unwrap();
    std::fs::write(dir.path().join("server.key"), certified.signing_key.serialize_pem()).unwrap();
    let password = dir.path().join("password");
    std::fs::write(&password, "wrong\n").unwrap();
    let server = Server::start(python, port, "pingyi", "right", Some(dir.path()));
    let mut settings = smtp("localhost", port, SmtpSecurity::Starttls);
    (settings.user, settings.password_file) = (Some("pingyi".to_owned()), Some(password.clone()));
    let mut hall = Hall::open(|config| config.alerts.smtp = Some(settings.clone())).await;
    let id = hall.destination(to(), b"").await;
    hall.test(id).await;
    assert_eq!(hall.tries(1).await, (DeliveryOutcome::Tls, None), "its certificate is nobody's that we know");
    hall.stop().await;

    settings.ca_file = Some(dir.path().join("server.pem"));
    hall.config.alerts.smtp = Some(settings);
    hall.start().await;
    hall.hurry();
    assert_eq!(hall.tries(2).await, (DeliveryOutcome::Refused, Some(535)), "a wrong password");
    std::fs::write(&password, "right\n").unwrap();
    hall.hurry();
    assert_eq!(hall.tries(3).await, (DeliveryOutcome::Delivered, Some(250)));
    let mail = server.line();
    assert_eq!((&mail["tls"], &mail["user"]), (&true.into(), &"pingyi".into()));
    assert_eq!(read(python, &mail).0, "[评议] 预警送达测试");
    drop(server);

    let plain = Server::start(python, port, "", "", None);
    hall.test(id).await;
    assert_eq!(
        hall.tries(4).await.0,
        DeliveryOutcome::BadSettings,
        "a server without STARTTLS gets neither password nor mail"
    );
    drop(plain);
    hall.stop().await;
    hall.config.alerts.smtp = None;
    hall.start().await;
    hall.hurry();
    assert_eq!(hall.tries(5).await, (DeliveryOutcome::NoMailServer, None));
    hall.stop().await;
}
