//! The ticket in a QR code: which visit, until when, and an anchor of the ledger, signed by the device.
//! The centre checks it with the device's key alone, so it also works while the kiosk is offline.

use data_encoding::{BASE32_NOPAD, BitOrder, Encoding, Specification};

use super::keys::{DeviceId, DeviceKey, PublicKey, Signature};

/// Bytes of a ticket before its signature.
const BODY: usize = 1 + 16 + 4 + 8 + 4 + 8 + 16;
const VERSION: u8 = 1;
/// Set in the version byte when the visit is rated.
const RATED: u8 = 0x80;
/// A ticket's text is exactly this long.
pub const TEXT_CHARS: usize = ((BODY + 64) * 8).div_ceil(5);

/// What a citizen's phone carries from the kiosk to the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    pub device: DeviceId,
    pub epoch: u32,
    /// `seq` of the entry that opened the visit.
    pub visit: u64,
    /// Drawn after the visit had been rated at the kiosk: the phone asks for words only, also while the kiosk is offline.
    /// Which level it was stands nowhere in the code.
    pub rated: bool,
    /// Minutes since 1970, by the kiosk's clock, until which the visit may be rated.
    pub expires_min: u32,
    /// The ledger's last `seq` when the code was drawn.
    pub anchor_seq: u64,
    /// First 16 bytes of the hash at that `seq`.
    pub anchor_hash: [u8; 16],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketFault {
    #[error("this is not a ticket of a kiosk")]
    Malformed,
    #[error("the ticket is of another version")]
    Version,
    #[error("the ticket's signature is not the device's")]
    Forged,
}

impl Ticket {
    /// Upper-case text in the alphabet that QR codes hold most densely (A–Z and 2–7).
    pub fn to_text(&self, key: &DeviceKey) -> String {
        let body = self.to_body();
        let mut bytes = body.to_vec();
        bytes.extend_from_slice(&key.sign(&message(&body)).0);
        BASE32_NOPAD.encode(&bytes)
    }

    /// Reads a ticket without believing it; its device is needed to find the key for [`Unverified::verify`].
    ///
    /// # Errors
    /// [`TicketFault::Malformed`] or [`TicketFault::Version`].
    pub fn parse(text: &str) -> Result<Unverified, TicketFault> {
        if text.len() != TEXT_CHARS {
            return Err(TicketFault::Malformed);
        }
        let bytes = lenient_base32().decode(text.as_bytes()).map_err(|_| TicketFault::Malformed)?;
        let (body, signature) = bytes.split_first_chunk::<BODY>().ok_or(TicketFault::Malformed)?;
        let signature = Signature(signature.try_into().map_err(|_| TicketFault::Malformed)?);
        if body[0] & !RATED != VERSION {
            return Err(TicketFault::Version);
        }
        Ok(Unverified { ticket: Self::from_body(body), body: *body, signature })
    }

    fn to_body(self) -> [u8; BODY] {
        let mut out = [0; BODY];
        let parts: [&[u8]; 7] = [
            &[if self.rated { VERSION | RATED } else { VERSION }],
            &self.device.0,
            &self.epoch.to_be_bytes(),
            &self.visit.to_be_bytes(),
            &self.expires_min.to_be_bytes(),
            &self.anchor_seq.to_be_bytes(),
            &self.anchor_hash,
        ];
        let mut at = 0;
        for part in parts {
            out[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        out
    }

    fn from_body(body: &[u8; BODY]) -> Self {
        fn part<const N: usize>(body: &[u8; BODY], at: usize) -> [u8; N] {
            let mut out = [0; N];
            out.copy_from_slice(&body[at..at + N]);
            out
        }
        Self {
            device: DeviceId(part(body, 1)),
            epoch: u32::from_be_bytes(part(body, 17)),
            visit: u64::from_be_bytes(part(body, 21)),
            rated: body[0] & RATED != 0,
            expires_min: u32::from_be_bytes(part(body, 29)),
            anchor_seq: u64::from_be_bytes(part(body, 33)),
            anchor_hash: part(body, 41),
        }
    }
}

/// A ticket whose signature has not been checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unverified {
    ticket: Ticket,
    body: [u8; BODY],
    signature: Signature,
}

impl Unverified {
    /// Whose ticket it claims to be.
    pub fn device(&self) -> DeviceId {
        self.ticket.device
    }

    /// What it says, for whoever only wants to know and believes nothing.
    pub fn unverified(&self) -> Ticket {
        self.ticket
    }

    /// # Errors
    /// [`TicketFault::Forged`] unless `key` is the device's and signed it.
    pub fn verify(&self, key: &PublicKey) -> Result<Ticket, TicketFault> {
        let own = key.device() == self.ticket.device;
        if own && key.verifies(&message(&self.body), &self.signature) {
            Ok(self.ticket)
        } else {
            Err(TicketFault::Forged)
        }
    }
}

/// What the QR code holds: scheme and host in capitals, which mean the same and which the code holds most densely; a
/// path in `phone_url` keeps its letters. `phone_url` is the centre's address as phones reach it.
pub fn address(phone_url: &str, ticket: &str) -> String {
    let base = phone_url.trim_end_matches('/');
    let host_from = base.find("://").map_or(0, |i| i + 3);
    let host_to = base[host_from..].find('/').map_or(base.len(), |i| host_from + i);
    let (host, path) = base.split_at(host_to);
    format!("{}{path}/T/{ticket}", host.to_ascii_uppercase())
}

fn message(body: &[u8; BODY]) -> Vec<u8> {
    [b"pingyi-ticket-v1".as_slice(), body].concat()
}

fn lenient_base32() -> Encoding {
    let mut spec = Specification::new();
    spec.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    spec.bit_order = BitOrder::MostSignificantFirst;
    spec.translate.from.push_str("abcdefghijklmnopqrstuvwxyz");
    spec.translate.to.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    spec.encoding().unwrap_or(BASE32_NOPAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(key: &DeviceKey) -> Ticket {
        Ticket {
            device: key.device(),
            epoch: 3,
            visit: 70_001,
            rated: false,
            expires_min: 29_800_000,
            anchor_seq: 70_004,
            anchor_hash: [5; 16],
        }
    }

    #[test]
    fn a_ticket_comes_back_whole_also_in_lower_case() {
        let key = DeviceKey::from_secret(&[3; 32]);
        for ticket in [ticket(&key), Ticket { rated: true, ..ticket(&key) }] {
            let text = ticket.to_text(&key);
            assert_eq!(text.len(), TEXT_CHARS);
            for text in [text.clone(), text.to_lowercase()] {
                let read = Ticket::parse(&text).unwrap();
                assert_eq!(read.verify(&key.public()), Ok(ticket));
            }
        }
    }

    #[test]
    fn the_address_fits_the_alphanumeric_mode_of_qr_codes() {
        assert_eq!(address("http://127.0.0.1:8080/", "AB"), "HTTP://127.0.0.1:8080/T/AB");
        assert_eq!(address("https://pj.example.gov.cn", "AB"), "HTTPS://PJ.EXAMPLE.GOV.CN/T/AB");
        assert_eq!(address("https://Hall.example/Pingyi", "AB"), "HTTPS://HALL.EXAMPLE/Pingyi/T/AB");
    }

    #[test]
    fn a_changed_character_or_another_key_is_noticed() {
        let key = DeviceKey::from_secret(&[3; 32]);
        let other = DeviceKey::from_secret(&[4; 32]);
        let text = ticket(&key).to_text(&key);
        assert_eq!(Ticket::parse(&text).unwrap().verify(&other.public()), Err(TicketFault::Forged));
        // A ticket that names a device must be signed by that device, not by its maker.
        let foreign = ticket(&key).to_text(&other);
        assert_eq!(Ticket::parse(&foreign).unwrap().verify(&key.public()), Err(TicketFault::Forged));
        for i in (1..text.len()).step_by(9) {
            let mut bad = text.clone().into_bytes();
            bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
            let bad = String::from_utf8(bad).unwrap();
            assert!(Ticket::parse(&bad).and_then(|t| t.verify(&key.public())).is_err(), "character {i}");
        }
        assert_eq!(Ticket::parse("ABC"), Err(TicketFault::Malformed));
        assert_eq!(Ticket::parse(&"票".repeat(TEXT_CHARS / 3)), Err(TicketFault::Malformed));
    }
}
