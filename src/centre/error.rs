//! Every refusal of the interface: a stable code for programs, a sentence for people, and a reference under which the
//! cause stands in the log.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::directory::enrol::EnrolRefusal;
use super::ingest::batch::BatchFault;
use super::writer::WriterFault;
use crate::domain::rating::coded;
use crate::protocol::ApiError;
use crate::words::Language;
use crate::words::centre::Refusals;

coded! {
    /// Why a request is refused; the `code` of an answer.
    ErrorCode {
        NotFound = "not_found",
        MethodNotAllowed = "method_not_allowed",
        Malformed = "malformed",
        TooLarge = "too_large",
        WireUnsupported = "wire_unsupported",
        UnknownDevice = "unknown_device",
        DeviceRevoked = "device_revoked",
        BadSignature = "bad_signature",
        BrokenChain = "broken_chain",
        CodeUnknown = "code_unknown",
        CodeUsed = "code_used",
        CodeExpired = "code_expired",
        AlreadyDecided = "already_decided",
        Stale = "stale",
        Conflict = "conflict",
        Faulty = "faulty",
        NoToken = "no_token",
        BadToken = "bad_token",
        Forbidden = "forbidden",
        ForeignForm = "foreign_form",
        BadQuery = "bad_query",
        RateLimited = "rate_limited",
        Busy = "busy",
        TimedOut = "timed_out",
        Unavailable = "unavailable",
        Internal = "internal",
    }
}

impl ErrorCode {
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Malformed | Self::WireUnsupported | Self::BadQuery => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnknownDevice | Self::BadSignature | Self::NoToken | Self::BadToken => StatusCode::UNAUTHORIZED,
            Self::DeviceRevoked | Self::Forbidden | Self::ForeignForm | Self::CodeUnknown => StatusCode::FORBIDDEN,
            Self::CodeUsed | Self::AlreadyDecided | Self::Stale | Self::Conflict => StatusCode::CONFLICT,
            Self::Faulty => StatusCode::UNPROCESSABLE_ENTITY,
            Self::CodeExpired => StatusCode::GONE,
            Self::BrokenChain => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TimedOut => StatusCode::REQUEST_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Chinese first, English second.
    pub fn message(self) -> String {
        format!("{} {}", self.sentence(Language::Zh), self.sentence(Language::En))
    }

    pub fn sentence(self, language: Language) -> std::borrow::Cow<'static, str> {
        let words = Refusals(language);
        match self {
            Self::NotFound => words.not_found(),
            Self::MethodNotAllowed => words.method_not_allowed(),
            Self::Malformed => words.malformed(),
            Self::TooLarge => words.too_large(),
            Self::WireUnsupported => words.unsupported(),
            Self::UnknownDevice => words.unknown_device(),
            Self::DeviceRevoked => words.revoked_device(),
            Self::BadSignature => words.bad_signature(),
            Self::BrokenChain => words.broken_chain(),
            Self::CodeUnknown => words.code_unknown(),
            Self::CodeUsed => words.code_used(),
            Self::CodeExpired => words.code_expired(),
            Self::AlreadyDecided => words.already_decided(),
            Self::Stale => words.stale(),
            Self::Conflict => words.conflict(),
            Self::Faulty => words.faulty(),
            Self::NoToken => words.no_token(),
            Self::BadToken => words.bad_token(),
            Self::Forbidden => words.forbidden(),
            Self::ForeignForm => words.foreign_form(),
            Self::BadQuery => words.bad_query(),
            Self::RateLimited => words.rate_limited(),
            Self::Busy => words.busy(),
            Self::TimedOut => words.timed_out(),
            Self::Unavailable => words.unavailable(),
            Self::Internal => words.internal(),
        }
    }
}

/// A refusal on its way out; its cause is in the log already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiFault {
    pub code: ErrorCode,
    pub reference: String,
    /// Follows the sentence; for queries, where the sender can only mend what it is told.
    detail: Option<String>,
}

impl ApiFault {
    pub fn new(code: ErrorCode) -> Self {
        Self::because(code, &"-")
    }

    /// Logs the cause under a fresh reference. `cause` goes to the log only: it must hold nothing personal.
    pub fn because(code: ErrorCode, cause: &dyn std::fmt::Display) -> Self {
        let reference = fresh_reference();
        if code.status().is_server_error() {
            tracing::error!(reference, code = code.code(), %cause, "request failed");
        } else {
            tracing::info!(reference, code = code.code(), %cause, "request refused");
        }
        Self { code, reference, detail: None }
    }

    /// The cause is told to the sender as well.
    #[must_use]
    pub fn telling(code: ErrorCode, cause: &dyn std::fmt::Display) -> Self {
        let detail = Some(cause.to_string().chars().take(300).collect());
        Self { detail, ..Self::because(code, cause) }
    }

    /// Tells the sender what it sent, and the log nothing of it: it may be somebody's words.
    #[must_use]
    pub fn quoting(self, words: &str) -> Self {
        Self { detail: Some(words.chars().filter(|c| !c.is_control()).take(300).collect()), ..self }
    }

    /// What is told to the sender beyond the sentence.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    pub fn to_body(&self) -> ApiError {
        let message = match &self.detail {
            Some(detail) => format!("{} ({detail})", self.code.message()),
            None => self.code.message(),
        };
        ApiError { code: self.code.code().to_owned(), message, reference: self.reference.clone() }
    }
}

impl IntoResponse for ApiFault {
    fn into_response(self) -> Response {
        metrics::counter!("pingyi_refusals_total", "code" => self.code.code()).increment(1);
        let mut response = (self.code.status(), axum::Json(self.to_body())).into_response();
        let headers = response.headers_mut();
        match self.code {
            ErrorCode::Busy | ErrorCode::Unavailable | ErrorCode::RateLimited => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            ErrorCode::NoToken | ErrorCode::BadToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        // Whoever asked for a page gets one made of it; see `one_form`.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<WriterFault> for ApiFault {
    fn from(fault: WriterFault) -> Self {
        let code = match fault {
            WriterFault::Busy => ErrorCode::Busy,
            WriterFault::Failed | WriterFault::Stopped => ErrorCode::Unavailable,
        };
        Self::because(code, &fault)
    }
}

impl From<BatchFault> for ApiFault {
    fn from(fault: BatchFault) -> Self {
        let code = match fault {
            BatchFault::TooLarge => ErrorCode::TooLarge,
            BatchFault::Wire(_) => ErrorCode::WireUnsupported,
            BatchFault::Signature => ErrorCode::BadSignature,
            BatchFault::Chain | BatchFault::Genesis(_) => ErrorCode::BrokenChain,
            BatchFault::Head(_) | BatchFault::Count { .. } | BatchFault::Entry { .. } | BatchFault::Sealed(_) => {
                ErrorCode::Malformed
            }
        };
        Self::telling(code, &fault)
    }
}

impl From<EnrolRefusal> for ApiFault {
    fn from(refusal: EnrolRefusal) -> Self {
        Self::new(match refusal {
            EnrolRefusal::Wire => ErrorCode::WireUnsupported,
            EnrolRefusal::Proof => ErrorCode::BadSignature,
            EnrolRefusal::CodeUnknown => ErrorCode::CodeUnknown,
            EnrolRefusal::CodeUsed => ErrorCode::CodeUsed,
            EnrolRefusal::CodeExpired => ErrorCode::CodeExpired,
            EnrolRefusal::DeviceRevoked => ErrorCode::DeviceRevoked,
        })
    }
}

fn fresh_reference() -> String {
    let mut random = [0; 5];
    // Without randomness the reference is merely less unique.
    let _ = getrandom::fill(&mut random);
    data_encoding::BASE32_NOPAD.encode(&random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_something_in_both_languages_and_is_an_error() {
        for &code in ErrorCode::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert!(!code.message().is_ascii() && code.sentence(Language::En).is_ascii(), "{code:?}");
        }
    }

    #[test]
    fn references_differ_and_details_stay_inside_unless_told() {
        let (a, b) = (ApiFault::because(ErrorCode::Internal, &"secret"), ApiFault::new(ErrorCode::Internal));
        assert_ne!(a.reference, b.reference);
        assert!(!a.to_body().message.contains("secret"));
        assert!(ApiFault::telling(ErrorCode::BadQuery, &"by=what").to_body().message.contains("by=what"));
    }
}
