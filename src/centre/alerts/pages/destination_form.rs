//! The form of a destination.

use super::rule_form::{Pairs, frame, scope_code, scope_of};
use super::*;
use maud::html;

use crate::centre::alerts::destinations::{Address, DestinationFault, DestinationTerms};
use crate::centre::alerts::rule::Scope;
use crate::centre::dashboard::components::{Choice, Faults, Field, Notice};

/// What is typed; `kind` is the address's.
pub fn typed(kind: &str, pairs: &Pairs) -> DestinationTerms {
    let text = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim());
    let address = match kind {
        "webhook" => Address::Webhook { url: text("url").to_owned() },
        _ => Address::Mail { to: text("to").to_owned() },
    };
    DestinationTerms {
        name: text("name").to_owned(),
        scope: scope_of(text("scope")).unwrap_or(Scope::Everywhere),
        language: if text("language") == Language::En.code() { Language::En } else { Language::Zh },
        address,
        enabled: pairs.iter().any(|(n, _)| n == "enabled"),
    }
}

/// The sentences of what is wrong, by field.
pub fn faults(terms: &DestinationTerms) -> Faults {
    let mut faults = Faults::default();
    for fault in terms.faults() {
        let field = match fault {
            DestinationFault::Name => "name",
            DestinationFault::Url => "url",
            DestinationFault::Mail => "to",
        };
        faults.add(field, fault.to_string());
    }
    faults
}

/// The form.
pub fn form(desk: &Desk<'_>, address: &str, terms: &DestinationTerms, faults: &Faults) -> Markup {
    let w = desk.words();
    let settings = &desk.site.settings.alerts;
    let hosts = settings.webhook_hosts.join(", ");
    let languages = [(Language::Zh.code(), w.chinese()), (Language::En.code(), w.english())];
    let fields = html! {
            @match &terms.address {
                Address::Webhook { url } => {
                    @if settings.webhook_hosts.is_empty() { (Notice::note(w.no_hosts()).standing()) }
                    (Field::text("url", w.url()).hint(w.url_hint(&hosts)).value(url).max(500).faults(faults))
                    p.hint { (w.signature_note()) }
                }
                Address::Mail { to } => {
                    @if settings.smtp.is_none() { (Notice::note(w.no_mail_server()).standing()) }
                    (Field::text("to", w.mail_to()).value(to).max(254).faults(faults))
                }
            }
            (Choice::new("scope", w.scope_of(), desk.scopes(false)).chosen(scope_code(&terms.scope)).faults(faults))
            (Choice::new("language", w.language(), languages).chosen(terms.language.code()))
    };
    frame(desk, (address, "/alerts/destinations"), (&terms.name, None), terms.enabled, (&fields, faults))
}
