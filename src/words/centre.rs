//! What the centre's interface says when it refuses something: what happened, what is safe, what to do.

words! {
    /// For whoever sets up kiosks, writes programs against the centre, or reads its log.
    Refusals {
        not_found() => "没有这个地址。请检查网址。", "There is nothing at this address. Check the address.";
        method_not_allowed() => "这个地址不支持该操作。", "This address does not take this method.";
        malformed() => "请求的格式不对，什么都没有保存。请检查发送方的版本。", "The request is malformed; nothing was stored. Check the sender's version.";
        too_large() => "请求超出了大小限制，什么都没有保存。请分成更小的批次。", "The request is over its size limit; nothing was stored. Send smaller batches.";
        unsupported() => "协议版本不受支持。请升级终端或中心。", "This version of the protocol is not spoken here. Upgrade the kiosk or the centre.";
        unknown_device() => "中心不认识这台终端；终端上的记录都还在。请用新的登记码登记。", "The centre does not know this device; its records are safe on it. Enrol it with a new code.";
        revoked_device() => "这台终端已被停用；终端上的记录都还在。请联系管理员。", "This device was revoked; its records are safe on it. Ask the administrator.";
        bad_signature() => "签名与终端不符，什么都没有保存。", "The signature is not this device's; nothing was stored.";
        broken_chain() => "批次中的记录接不上，什么都没有保存；已报警。", "The batch does not chain; nothing was stored and an alarm was raised.";
        code_unknown() => "登记码不对。请核对后重新输入。", "This code is unknown. Check it and type it again.";
        code_used() => "登记码已被另一台设备用过。请索取新的登记码。", "This code was used by another device. Ask for a new one.";
        code_expired() => "登记码已过期。请索取新的登记码。", "This code has expired. Ask for a new one.";
        already_decided() => "已经裁定过，裁定不能更改。", "It has been decided, and a decision stands.";
        stale() => "在您之后已有别人改过。请重新读取后再改。", "Somebody else has changed it meanwhile. Read it again, then change it.";
        conflict() => "现在不能这样改。", "This cannot be done in the present state.";
        faulty() => "内容有误，什么都没有改。", "There are faults; nothing was changed.";
        no_token() => "需要令牌。请在请求头里带上 Authorization: Bearer 令牌", "A token is needed: send the header Authorization: Bearer TOKEN";
        bad_token() => "令牌无效或已停用。请向管理员索取新的令牌。", "This token is unknown or revoked. Ask the administrator for a new one.";
        forbidden() => "您的角色无权查看。", "Your role may not see this.";
        foreign_form() => "这个表单不是从本系统的页面发出的，或者页面已经过期；什么都没有保存。请重新打开页面再试。", "That form did not come from a page of this centre, or the page is out of date; nothing was stored. Open the page again.";
        busy() => "中心正忙，请求没有保存，稍后会自动重发。", "The centre is busy; nothing was stored. Send it again shortly.";
        timed_out() => "请求超时，稍后请重发；重复发送不会重复计数。", "The request took too long. Send it again; it is never counted twice.";
        unavailable() => "中心暂时无法保存，请稍后重发；重复发送不会重复计数。", "The centre cannot store at present. Send it again later; it is never counted twice.";
        internal() => "中心内部出错。请把编号告诉管理员。", "Something failed inside the centre. Tell the administrator the reference.";
        bad_query() => "查询条件不对。", "The query is not understood.";
        rate_limited() => "请求太频繁，请稍后再试。", "Too many requests. Try again shortly.";
    }
}
