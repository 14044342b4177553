//! `[accounts]` of `centre.toml`: who needs a second factor, and how long sessions live.

use super::reader::Node;
use crate::domain::role::Role;

/// How people sign in to the centre's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountsConfig {
    /// Roles that cannot do without a second factor.
    pub second_factor: Vec<Role>,
    /// A session that nobody uses ends after so long.
    pub idle_minutes: u32,
    /// Any session ends after so long.
    pub session_hours: u32,
    /// The pages are reached over TLS: browsers send the cookie over nothing else.
    pub https: bool,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self { second_factor: Vec::new(), idle_minutes: IDLE_MINUTES, session_hours: SESSION_HOURS, https: false }
    }
}

const IDLE_MINUTES: u32 = 60;
const SESSION_HOURS: u32 = 12;

pub(super) fn read(node: &Node<'_>, https: bool) -> Option<AccountsConfig> {
    let second_factor =
        if node.has("second_factor") { node.choices("second_factor", Role::ALL, Role::code) } else { Vec::new() };
    Some(AccountsConfig {
        second_factor,
        idle_minutes: u32::try_from(node.number("idle_minutes", 5, 1_440, u64::from(IDLE_MINUTES))).ok()?,
        session_hours: u32::try_from(node.number("session_hours", 1, 168, u64::from(SESSION_HOURS))).ok()?,
        https: node.flag("https", https),
    })
}
