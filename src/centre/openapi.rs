//! The OpenAPI document, made from the handlers and types that serve.
//!
//! Add a route: annotate its handler with `#[utoipa::path]` and name it under `paths`.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema, Type};
use utoipa::{Modify, OpenApi, PartialSchema, ToSchema};

use super::alerts::decide::Ending;
use super::alerts::outbox::{AlertEvent, DeliveryOutcome, DeliveryState};
use super::alerts::rule::{Grain, Severity};
use super::matters::rates::Grouping;
use super::{
    alerts, auditor, cases, comparison, contests, entries, fleet, hall, health, inspections, matters, reviews,
    selections, statistics, wire,
};
use crate::domain::board::{BoardVersion, HonourKind};
use crate::domain::case::{Escalation, FollowUp, Grade, Light, Matter, Stage, Step, Verdict};
use crate::domain::explanation::{EpochReason, ForkVerdict};
use crate::domain::id::{
    CaseNo, HallId, HonourId, ItemCode, KioskId, NoticeId, PlaylistId, PledgeId, StaffNo, TagCode, WindowId,
};
use crate::domain::inspection::checklist::ItemKind;
use crate::domain::inspection::{Gravity, InspectionKind, InspectionStage, RemarkKind};
use crate::domain::matter::MatterStep;
use crate::domain::query::{Dimension, Order};
use crate::domain::rating::Satisfaction;
use crate::domain::time::ClockGrade;
use crate::domain::visit::DutyState;
use crate::ledger::keys::{DeviceId, Hash, PublicKey, SealKey, Signature};
use crate::protocol::RequestSignature;
use crate::words::Language;

#[derive(OpenApi)]
#[openapi(
    info(title = "Pingyi 评议", description = "Kiosks, statistics and operation of a centre."),
    paths(
        wire::paths::take_in,
        wire::paths::take_batch,
        wire::paths::take_heartbeat,
        wire::paths::send_board,
        wire::paths::send_photo,
        statistics::api::paths::answer_stats,
        alerts::api::paths::list_alerts,
        alerts::api::paths::show_alert,
        alerts::api::paths::acknowledge_alert,
        alerts::api::paths::close_alert,
        alerts::api::paths::list_rules,
        alerts::api::paths::add_rule,
        alerts::api::paths::change_rule,
        alerts::api::paths::remove_rule,
        alerts::api::paths::list_deliveries,
        auditor::paths::list_ledgers,
        auditor::paths::list_runs,
        auditor::paths::list_forks,
        cases::api::paths::list_cases,
        cases::api::paths::show_case,
        cases::api::paths::work_on_case,
        cases::api::paths::decide_case,
        cases::api::paths::list_own_cases,
        cases::api::paths::appeal_case,
        entries::api::paths::list_entries,
        entries::api::paths::show_entry,
        entries::api::paths::open_words,
        inspections::api::paths::list_inspections,
        inspections::api::paths::show_inspection,
        inspections::api::paths::hand_in_visit,
        fleet::api::paths::list_fleet,
        fleet::api::paths::show_terminal,
        fleet::api::paths::retire_terminal,
        fleet::api::paths::explain_epoch,
        fleet::api::paths::decide_fork,
        fleet::api::paths::list_codes,
        fleet::api::paths::make_code,
        fleet::api::paths::revoke_code,
        hall::api::paths::list_halls,
        hall::api::paths::show_hall,
        hall::api::paths::take_over_hall,
        hall::api::paths::put_object,
        hall::api::paths::retire_object,
        hall::api::paths::arrange_objects,
        hall::api::paths::set_portrait,
        hall::api::paths::set_pin,
        hall::api::paths::step_pledge,
        hall::api::paths::decide_pledge,
        hall::api::paths::export_list,
        hall::api::paths::import_list,
        matters::api::paths::tell_matters,
        matters::api::paths::count_matters,
        selections::api::paths::list_selections,
        selections::api::paths::call_selection,
        selections::api::paths::show_selection,
        selections::api::paths::step_selection,
        selections::api::paths::decide_selection,
        health::paths::healthy,
        health::paths::scrape,
        reviews::paths::list_reviews,
        reviews::paths::list_rounds,
        contests::paths::list_contests,
        comparison::paths::answer_comparison,
    ),
    components(schemas(crate::protocol::BatchHead)),
    modifiers(&Signing, &Surrounding, &Opening)
)]
struct Document;

pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

struct Signing;

impl Modify for Signing {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let device = ApiKey::Header(ApiKeyValue::with_description(
            RequestSignature::SIGNATURE,
            "Ed25519 by the device over method, path, time and body; with x-pingyi-device and x-pingyi-time",
        ));
        components.add_security_scheme("device", SecurityScheme::ApiKey(device));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// A type that is asked for alone refuses what it does not know; where an answer holds it with an id beside it, the same
/// schema must let the id pass.
struct Opening;

impl Modify for Opening {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let mut opened = Vec::new();
        for schema in components.schemas.values_mut() {
            let RefOr::T(Schema::AllOf(parts)) = schema else { continue };
            for part in &mut parts.items {
                match part {
                    RefOr::T(Schema::Object(object)) => object.additional_properties = None,
                    RefOr::Ref(of) => opened.extend(of.ref_location.rsplit('/').next().map(str::to_owned)),
                    RefOr::T(_) => {}
                }
            }
        }
        for name in opened {
            if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(&name) {
                object.additional_properties = None;
            }
        }
    }
}

/// What stands around every route may answer in its place: the document says so once for all.
struct Surrounding;

impl Modify for Surrounding {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        for item in document.paths.paths.values_mut() {
            let bodied = [&mut item.post, &mut item.put, &mut item.patch];
            for operation in bodied.into_iter().flatten() {
                answer(operation, &AROUND_BODIES);
            }
            let all = [&mut item.get, &mut item.delete, &mut item.post, &mut item.put, &mut item.patch];
            for operation in all.into_iter().flatten() {
                answer(operation, &AROUND);
                if operation.security.is_some() {
                    answer(operation, &BEHIND_A_KEY);
                }
            }
        }
    }
}

const AROUND: [(&str, &str); 3] =
    [("408", "timed_out"), ("500", "internal"), ("503", "busy or unavailable: ask again")];
const BEHIND_A_KEY: [(&str, &str); 2] =
    [("401", "no_token, bad_token, unknown_device or bad_signature"), ("403", "forbidden or device_revoked")];
const AROUND_BODIES: [(&str, &str); 2] = [("400", "malformed"), ("413", "too_large")];

fn answer(operation: &mut Operation, with: &[(&str, &str)]) {
    for (status, code) in with {
        let answers = &mut operation.responses.responses;
        if !answers.contains_key(*status) {
            let content = Content::new(Some(Ref::from_schema_name("ApiError")));
            let response = ResponseBuilder::new().description(*code).content("application/json", content).build();
            answers.insert((*status).to_owned(), response.into());
        }
    }
}

macro_rules! text_schemas {
    ($($name:ident: $description:literal;)+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).description(Some($description)).into()
            }
        }
        impl ToSchema for $name {}
    )+};
}

text_schemas! {
    KioskId: "1 to 32 of A–Z a–z 0–9 . _ -";
    HallId: "1 to 32 of A–Z a–z 0–9 . _ -";
    WindowId: "1 to 32 of A–Z a–z 0–9 . _ -";
    StaffNo: "1 to 32 of A–Z a–z 0–9 . _ -";
    ItemCode: "1 to 32 of A–Z a–z 0–9 . _ -";
    PledgeId: "1 to 32 of A–Z a–z 0–9 . _ -";
    CaseNo: "1 to 64 printable ASCII characters without spaces";
    TagCode: "1 to 32 of A–Z a–z 0–9 . _ -";
    PlaylistId: "1 to 32 of A–Z a–z 0–9 . _ -";
    HonourId: "1 to 32 of A–Z a–z 0–9 . _ -";
    NoticeId: "1 to 32 of A–Z a–z 0–9 . _ -";
    BoardVersion: "16 hexadecimal digits";
    DeviceId: "32 hexadecimal digits";
    Hash: "64 hexadecimal digits: BLAKE3";
    PublicKey: "64 hexadecimal digits: Ed25519";
    SealKey: "64 hexadecimal digits: X25519";
    Signature: "128 hexadecimal digits: Ed25519";
}

macro_rules! code_schemas {
    ($($name:ident),+) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let codes: Vec<_> = $name::ALL.iter().map(|v| v.code()).collect();
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
            }
        }
        impl ToSchema for $name {}
    )+};
}

code_schemas!(Satisfaction, HonourKind, ClockGrade, Dimension, Order, ForkVerdict, EpochReason, DutyState);

code_schemas!(MatterStep, Grouping, Severity, Grain, Ending, AlertEvent, DeliveryState, DeliveryOutcome, Language);

code_schemas!(Stage, Step, Verdict, FollowUp, Grade, Escalation, Matter, Light);
code_schemas!(InspectionKind, InspectionStage, Gravity, ItemKind, RemarkKind);

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_names_every_path_and_resolves_every_reference() {
        let json = serde_json::to_value(super::document()).unwrap();
        for path in [
            "/api/v1/enrol",
            "/api/v1/batches",
            "/api/v1/heartbeat",
            "/api/v1/board",
            "/api/v1/stats",
            "/api/v1/ledgers",
            "/healthz",
            "/metrics",
        ] {
            assert!(json["paths"][path].is_object(), "{path}");
        }
        let text = json.to_string();
        for part in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(json["components"]["schemas"][name].is_object(), "{name} is named and not described");
        }
        assert!(json["components"]["schemas"]["BatchHead"]["properties"]["prev"].is_object());
    }
}
