//! Webhooks: what arrives, how it is signed, and what becomes of a receiver that does not take it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use pingyi::centre::alerts::destinations::Address;
use pingyi::centre::alerts::outbox::{DeliveryOutcome, DeliveryState};
use pingyi::domain::rating::Satisfaction::{Satisfied, VeryDissatisfied};

use super::hall::{Hall, python_with, until};
use super::receiver::{Mood, Receiver};

const SECRET: &[u8] = b"a secret of 32 bytes, so to say.";

async fn watched(receiver: &Receiver) -> Hall {
    let host = receiver.address.to_string();
    Hall::open(move |config| {
        config.alerts.webhook_hosts = vec![host];
        config.alerts.webhook_local = true;
    })
    .await
}

fn hook(receiver: &Receiver) -> Address {
    Address::Webhook { url: format!("http://{}/pingyi?key=1", receiver.address) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_ratings_at_one_window_reach_the_receiver_signed_and_once() {
    let receiver = Receiver::at("127.0.0.1:0".parse().unwrap()).await;
    let mut hall = watched(&receiver).await;
    hall.destination(hook(&receiver), SECRET).await;
    hall.rate(&[VeryDissatisfied, Satisfied, VeryDissatisfied, VeryDissatisfied]).await;
    until(|| !receiver.all().is_empty()).await;
    hall.sent().await;

    let alerts = hall.alerts();
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0].subject().key(), "QL01/W03");
    let request = receiver.all().remove(0);
    assert!(request.head.starts_with("POST /pingyi?key=1 HTTP/1.1\r\n"), "{}", request.head);
    let alert = &request.json()["events"][0]["alert"];
    assert_eq!((&alert["figures"]["negative"], &alert["n"]), (&3.into(), &4.into()));
    assert!(alert["window_name"].as_str().unwrap().starts_with("3 号"), "{alert}");
    assert!(alert["link"].as_str().unwrap().ends_with(&format!("/alerts/{}", alerts[0].id)));
    if let Some(python) = python_with("hmac") {
        assert_eq!(
            request.header("x-pingyi-signature"),
            signed_by_python(python, request.header("x-pingyi-time"), &request.body)
        );
    }
    // Raised once, told once: also after a restart.
    hall.stop().await;
    hall.start().await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!((hall.alerts().len(), receiver.all().len()), (1, 1));
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_failing_hanging_and_redirecting_receivers_are_tried_again_until_they_recover() {
    // A port that nobody listens at, kept free by having been bound just now.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut hall = Hall::open(move |config| {
        config.alerts.webhook_hosts = vec![address.to_string()];
        config.alerts.webhook_local = true;
    })
    .await;
    let url = format!("http://{address}/");
    let id = hall.destination(Address::Webhook { url }, SECRET).await;
    hall.test(id).await;
    assert_eq!(hall.tries(1).await, (DeliveryOutcome::Unreachable, None));
    let receiver = Receiver::at(address).await;
    for (n, mood, ended) in [
        (2, Mood::Fails, (DeliveryOutcome::Refused, Some(500))),
        (3, Mood::Redirects, (DeliveryOutcome::Refused, Some(307))),
        (4, Mood::Hangs, (DeliveryOutcome::TimedOut, None)),
    ] {
        receiver.is_in(mood);
        hall.hurry();
        assert_eq!(hall.tries(n).await, ended);
    }
    let waiting = hall.messages().remove(0);
    assert_eq!((waiting.state, waiting.attempts), (DeliveryState::Waiting, 4));
    assert!(waiting.next_ms.unwrap() > waiting.made_ms, "it waits for its time");
    assert!(receiver.all().iter().all(|r| !r.head.contains("/stolen")), "redirects are not followed");

    // The same message, with the same id, over a restart.
    hall.stop().await;
    receiver.is_in(Mood::Takes);
    hall.start().await;
    hall.hurry();
    assert_eq!(hall.tries(5).await, (DeliveryOutcome::Delivered, Some(204)));
    hall.sent().await;
    let ids: Vec<_> = receiver.all().iter().map(|r| r.json()["events"][0]["id"].clone()).collect();
    assert!(ids.len() == 4 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    hall.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_called_that_the_configuration_does_not_name() {
    let receiver = Receiver::at("127.0.0.1:0".parse().unwrap()).await;
    let host = receiver.address.to_string();
    let mut hall = Hall::open(move |config| config.alerts.webhook_hosts = vec![host, "hooks.example".to_owned()]).await;
    let listed_but_local = hall.destination(hook(&receiver), SECRET).await;
    hall.test(listed_but_local).await;
    assert_eq!(hall.tries(1).await, (DeliveryOutcome::NotAllowed, None));
    let url = "http://169.254.169.254/latest/meta-data".to_owned();
    let unlisted = hall.destination(Address::Webhook { url }, SECRET).await;
    hall.test(unlisted).await;
    assert_eq!(hall.tries(2).await, (DeliveryOutcome::NotAllowed, None));
    assert!(receiver.all().is_empty());
    hall.stop().await;
}

/// What a receiver computes, with another's HMAC.
fn signed_by_python(python: &str, time: &str, body: &[u8]) -> String {
    let code = "import hmac,sys; b=sys.stdin.buffer.read(); \
                print(hmac.new(bytes.fromhex(sys.argv[1]), sys.argv[2].encode()+b'.'+b, 'sha256').hexdigest())";
    let secret = data_encoding::HEXLOWER.encode(SECRET);
    let mut child = Command::new(python)
        .args(["-c", code, &secret, time])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}
