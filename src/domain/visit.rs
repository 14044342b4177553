//! 一次服务: how a visit begins and ends. At most one rating of a visit counts (一次一评).

use super::rating::coded;

coded! {
    /// What opened a visit.
    VisitTrigger {
        /// The card came up and anyone may tap.
        Card = "card",
        /// Staff asked on the kiosk.
        Staff = "staff",
        /// The business system or the staff member's PC called the local interface.
        Business = "business",
    }
}

coded! {
    /// How a visit ended.
    VisitOutcome {
        Rated = "rated",
        /// Served and asked, not rated: never counted as any level.
        NoResponse = "no_response",
        /// Withdrawn by whoever opened it.
        Cancelled = "cancelled",
        /// The card stood there and nobody came; not a served visit.
        Unused = "unused",
    }
}

coded! {
    /// 值班: whether somebody serves at the window.
    DutyState {
        On = "on",
        Paused = "paused",
        Off = "off",
    }
}

coded! {
    /// Why service is paused; excluded from assessment.
    PauseReason {
        /// 暂离
        ShortLeave = "short_leave",
        /// 内部事务
        InternalWork = "internal_work",
        /// 就餐
        Meal = "meal",
        /// 设备故障
        Equipment = "equipment",
    }
}
