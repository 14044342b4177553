//! What callers of a kiosk's local interface read when it refuses.

words! {
    /// One sentence each: what is wrong and what to do.
    Invite {
        unauthorized() => "令牌缺失或不符,请核对 token_file", "The token is missing or another one: see token_file";
        malformed() => "请求内容无法识别,请核对 case_no 和 item", "The request cannot be read: check case_no and item";
        no_visit() => "没有这次服务,或已经结束", "There is no such visit, or it is over";
        no_route() => "没有这个接口", "There is no such route";
        too_large() => "请求内容过长", "The request is too long";
        too_many_requests() => "请求过于频繁,请稍后再试", "Too many requests: try again in a second";
        trouble() => "终端暂时无法记录,请联系管理员", "The kiosk cannot record at present: call the administrator";
        no_answer() => "终端没有及时回答,请先查询状态", "The kiosk did not answer in time: ask for its status first";
        nobody_on_duty() => "窗口无人值班,请先在终端签到", "Nobody is on duty: sign in at the kiosk first";
        out_of_service() => "终端正在维护", "The kiosk is being serviced";
        busy() => "终端正忙,请稍后再试", "The kiosk is busy: try again in a moment";
    }
}
