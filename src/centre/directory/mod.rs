//! The directory: devices with their keys, enrolment codes, users with roles. Held in memory for every request and
//! read again when anybody – this process or `pingyi admin` beside it – has changed it.

pub mod devices;
pub mod enrol;
pub mod users;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;

use super::access::{Reach, Who};
use crate::ledger::keys::{DeviceId, ReadyKey};
use devices::Device;
use users::{TokenHash, User};

/// What every request looks up, without a query.
#[derive(Debug, Default)]
pub struct Directory {
    devices: HashMap<DeviceId, (Arc<Device>, ReadyKey)>,
    users: HashMap<TokenHash, Arc<Who>>,
}

impl Directory {
    /// # Errors
    /// Those of the store.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            devices: devices::all(conn)?
                .into_iter()
                .map(|d| (d.id, (d.key.ready(), d)))
                .map(|(id, (key, d))| (id, (Arc::new(d), key)))
                .collect(),
            users: users::active(conn)?.into_iter().map(|(hash, user)| (hash, Arc::new(who(user)))).collect(),
        })
    }

    pub fn device(&self, id: &DeviceId) -> Option<Arc<Device>> {
        self.devices.get(id).map(|(device, _)| Arc::clone(device))
    }

    /// A device with its key ready for checking.
    pub fn ready(&self, id: &DeviceId) -> Option<(&Device, &ReadyKey)> {
        self.devices.get(id).map(|(device, key)| (&**device, key))
    }

    /// The user whose token this is.
    pub fn user(&self, token: &str) -> Option<Arc<Who>> {
        self.user_of(&TokenHash::of(token))
    }

    /// The user whose token has this hash.
    pub fn user_of(&self, token: &TokenHash) -> Option<Arc<Who>> {
        self.users.get(token).cloned()
    }

    pub fn device_count(&self) -> usize {
        self.devices.len()
    }
}

fn who(user: User) -> Who {
    let User { id, name, role, staff_no } = user;
    Who { account: id, login: name.clone(), name, role, reach: Reach::All, staff_no }
}

/// A value that many read and few replace.
#[derive(Debug, Default)]
pub struct Shared<T>(RwLock<Arc<T>>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(RwLock::new(Arc::new(value)))
    }

    pub fn get(&self) -> Arc<T> {
        // A poisoned lock still holds a whole value: it is only ever replaced at once.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the value by one made of it; nobody replaces it meanwhile.
    pub fn update(&self, make: impl FnOnce(&T) -> T) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let made = make(&held);
        *held = Arc::new(made);
    }

    pub fn set(&self, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(value);
    }
}
