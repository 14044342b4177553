//! Sentences of the command line: faults of a configuration, and what the demonstration says.

words! {
    /// What is wrong in a configuration, and what would be right. Read by whoever edits the files.
    Check {
        unreadable(cause: &str) => "文件无法读取：{cause}", "the file cannot be read: {cause}";
        readable() => "一个可以读取的文件", "a file that can be read";
        not_utf8() => "文件不是 UTF-8 编码", "the file is not UTF-8";
        utf8() => "用 UTF-8 编码保存（记事本：另存为 → 编码 UTF-8）", "save it as UTF-8";
        too_big(found: u64) => "文件有 {found} 字节", "the file has {found} bytes";
        bytes_at_most(max: u64) => "至多 {max} 字节", "at most {max} bytes";
        syntax(message: &str) => "TOML 语法错误：{message}", "TOML syntax: {message}";
        toml() => "TOML 1.1 的写法，见随附样例", "TOML 1.1, as in the samples that ship";
        unknown_key() => "没有这个配置项", "there is no such key";
        keys(list: &str) => "{list}", "{list}";
        missing() => "缺少必填项", "is missing, and is required";
        as_in_samples() => "写法见随附样例", "as in the samples that ship";
        wrong_kind(found: &str) => "类型不对，现为{found}", "is {found}";
        kind(wanted: &str) => "{wanted}", "{wanted}";
        out_of_range(found: &str) => "数值为 {found}", "is {found}";
        range(min: u64, max: u64) => "{min} 到 {max} 的整数", "a whole number from {min} to {max}";
        not_one_of(found: &str) => "不能是“{found}”", "may not be {found:?}";
        one_of(list: &str) => "以下之一：{list}", "one of {list}";
        bad_form(found: &str) => "“{found}”格式不对", "{found:?} has the wrong form";
        text_empty() => "内容为空", "is empty";
        text_too_long(found: usize) => "有 {found} 个字符", "has {found} characters";
        text_forbidden(code: &str) => "含有控制字符或方向控制字符 {code}", "contains the control or direction character {code}";
        characters(max: usize) => "1 到 {max} 个字符", "1 to {max} characters";
        plain_text() => "不含控制字符、零宽字符和方向控制字符的文字", "text without control, zero-width and direction characters";
        too_few(found: usize) => "有 {found} 项", "has {found} entries";
        too_many(found: usize) => "有 {found} 项", "has {found} entries";
        at_most(max: usize) => "至多 {max} 项", "at most {max}";
        at_least(min: usize) => "至少 {min} 项", "at least {min}";
        duplicate(found: &str, first: &str) => "“{found}”重复，已在 {first} 出现", "{found:?} stands at {first} already";
        unique() => "每个只写一次", "each only once";
        dangling(found: &str, target: &str) => "“{found}”在 {target} 中不存在", "{found:?} is not among {target}";
        existing(target: &str) => "{target} 中已有的一个", "one that {target} names";
        until_before_from(from: &str, until: &str) => "截止 {until} 早于开始 {from}", "until {until} is before from {from}";
        until_after_from() => "截止日期不早于开始日期", "an until that is not before from";
        not_weekend(found: &str) => "{found} 不是周六或周日，本来就上班", "{found} is no Saturday or Sunday, and is worked anyway";
        weekend_day() => "调休上班的周六或周日", "a Saturday or Sunday on which people work";
        plain_http(host: &str) => "到 {host} 的连接没有加密", "the connection to {host} would not be encrypted";
        https() => "https:// 地址；本机除外；内网确需明文时写 allow_plain_http = true", "an https:// address, except to this machine; or allow_plain_http = true on a closed network";
        unfair_tags() => "有的等级有评价理由，有的没有", "some levels have reason tags and some have none";
        tags_for_all() => "五个等级都有理由，或都没有：差评不应比好评多一步", "tags for all five levels or for none: a bad rating must not cost more taps than a good one";
        file_missing(path: &str) => "找不到文件 {path}", "there is no file {path}";
        picture_form() => "不是可以辨认的 PNG 或 JPEG 图片", "is not a PNG or JPEG picture that can be recognised";
        picture_size(width: u32, height: u32) => "图片为 {width}×{height} 像素", "the picture has {width}×{height} pixels";
        picture_sides(min: u32, max: u32) => "PNG 或 JPEG，每边 {min} 到 {max} 像素", "PNG or JPEG, each side {min} to {max} pixels";
        no_config(dir: &str) => "{dir} 中没有 kiosk.toml，也没有 centre.toml", "{dir} has neither kiosk.toml nor centre.toml";
        some_config() => "至少其中之一，见随附的 kiosk-config/", "at least one of them, as in the kiosk-config/ that ships";
        heading_wrong(wrong: &str, allowed: &str) => "错误：{wrong}。允许：{allowed}。", "Fault: {wrong}. Allowed: {allowed}.";
        found(n: usize) => "共 {n} 处错误，请修改后再检查。", "{n} faults; mend them and check again.";
        found_one() => "共 1 处错误，请修改后再检查。", "1 fault; mend it and check again.";
        clean(files: &str) => "没有错误：{files}", "no faults: {files}";
    }
}

words! {
    /// The forms that a value may have to take.
    Form {
        id() => "1 到 32 个字母、数字或 . _ -", "1 to 32 of A–Z a–z 0–9 . _ -";
        date() => "日期，如 2028-12-31", "a date such as 2028-12-31";
        hours() => "当天的时段，如 09:00-12:00，先后不重叠", "times of a day such as 09:00-12:00, in order, without overlap";
        http_url() => "http:// 或 https:// 地址，不带用户名、查询和 #", "an http:// or https:// address without user, query and fragment";
        proxy() => "http:// 或 https:// 代理地址", "an http:// or https:// address of a proxy";
        address() => "IP 地址和端口，如 127.0.0.1:8700", "an IP address and a port such as 127.0.0.1:8700";
        pin_hash() => "用 pingyi pin 生成的 argon2id 串（m 8 到 256 MiB，t 1 到 16，p 1 到 4）", "an argon2id text made by `pingyi pin` (m 8 to 256 MiB, t 1 to 16, p 1 to 4)";
        time_zone() => "时区名，如 Asia/Shanghai", "the name of a time zone such as Asia/Shanghai";
        file_name() => "不带目录的 .png、.jpg 或 .jpeg 文件名，字母、数字或 . _ -，至多 64 个字符", "a .png, .jpg or .jpeg file name without folder, of A–Z a–z 0–9 . _ -, at most 64 characters";
        hotline() => "3 到 20 位的电话号码，可含空格、+ 和 -", "a telephone number of 3 to 20 digits, spaces, + and -";
        mail_address() => "邮箱地址，如 hall@example.gov.cn，不带姓名", "a mail address such as hall@example.gov.cn, without a name";
        host() => "主机名或地址，可带端口，如 hooks.example.gov.cn:8443", "a host's name or address, with a port if need be: hooks.example.gov.cn:8443";
    }
}

words! {
    /// Kinds of TOML values.
    Kind {
        text() => "带引号的文字", "a text in quotes";
        integer() => "整数", "a whole number";
        float() => "小数", "a fraction";
        boolean() => "true 或 false", "true or false";
        datetime() => "不带引号的日期", "a date without quotes";
        array() => "列表 [ … ]", "a list [ … ]";
        table() => "一组配置项", "a table of keys";
    }
}

words! {
    /// What the demonstration says.
    Demo {
        no_display() => "没有图形界面：DISPLAY 和 WAYLAND_DISPLAY 都没有设置。请在图形桌面里运行，或加 --headless 不开窗口运行；没有显示器也可以用 xvfb-run 试开窗口。", "No display: neither DISPLAY nor WAYLAND_DISPLAY is set. Run it within a graphical session, or add --headless to go without a window; xvfb-run gives a window without a screen.";
        first_start(folder: &str) => "正在 {folder} 中布置样例大厅并生成三十天的样例数据……", "Setting up the sample hall and thirty days of sample figures in {folder} …";
        again(folder: &str) => "沿用 {folder} 中已有的数据；要从头开始，先删除这个文件夹。", "Going on with what is in {folder}; delete the folder to begin anew.";
        supervisors(url: &str) => "中心（查询页）：{url}", "Centre, for supervisors: {url}";
        sign_in(login: &str, file: &str) => "在浏览器登录：账号 {login}，密码在 {file}", "Sign in with the browser: account {login}, password in {file}";
        token(file: &str) => "程序查询用的口令在：{file}", "The token for programs is in: {file}";
        board(file: &str) => "公示板（改了屏幕会跟着变）：{file}", "The board (change it and the screen follows): {file}";
        kiosk(url: &str) => "终端的本机接口：{url}", "The kiosk's local interface: {url}";
        pins() => "窗口人员 PIN：2580；维护 PIN：135790", "Staff PIN: 2580; maintenance PIN: 135790";
        ask(command: &str) => "看数据：{command}", "Ask for figures: {command}";
        end() => "按 Ctrl-C 结束；数据保留。", "Ctrl-C ends it; the data stays.";
    }
}
