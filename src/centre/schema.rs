//! The centre's database: each module's tables, in the order in which they came to be.

use super::{
    alarms, alerts, audit, cases, contests, directory, fleet, fulfilment, hall, ingest, inspections, keys, matters,
    phone, public, questions, reviews, rules, selections, statistics, stories,
};
use crate::db::Schema;

pub const FILE: &str = "centre.db";

/// Steps are only ever added. `0x70796365` is `pyce`.
pub const SCHEMA: Schema = Schema {
    application_id: 0x7079_6365,
    steps: &[
        keys::SCHEMA,
        directory::devices::SCHEMA,
        directory::enrol::SCHEMA,
        directory::users::SCHEMA,
        alarms::SCHEMA,
        ingest::segments::SCHEMA,
        ingest::by_phone::SCHEMA,
        ingest::witness::SCHEMA,
        ingest::words::SCHEMA,
        statistics::SCHEMA,
        phone::acts::SCHEMA,
        phone::codes::SCHEMA,
        ingest::explanations::SCHEMA,
        hall::SCHEMA,
        alerts::SCHEMA,
        audit::SCHEMA,
        directory::devices::STATE_SCHEMA,
        alarms::EVENT_SCHEMA,
        fleet::SCHEMA,
        statistics::ROLLUPS,
        directory::enrol::REVOKE_SCHEMA,
        questions::saved::SCHEMA,
        directory::accounts::SCHEMA,
        public::SCHEMA,
        rules::SCHEMA,
        cases::SCHEMA,
        matters::SCHEMA,
        fulfilment::SCHEMA,
        statistics::SPANS,
        reviews::SCHEMA,
        contests::SCHEMA,
        selections::SCHEMA,
        stories::SCHEMA,
        inspections::SCHEMA,
        statistics::ASIDE,
        super::cycles::SCHEMA,
    ],
};
