//! The directory: devices with their keys, enrolment codes, people with their roles, tokens and sessions, the tree of units.
//! Held in memory for every request and read again when anybody – this process or `pingyi admin` beside it – has changed it.

pub mod accounts;
pub mod devices;
pub mod enrol;
pub mod people;
pub mod sessions;
pub mod tokens;
pub mod tries;
pub mod units;
pub mod users;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;

use crate::ledger::keys::{DeviceId, ReadyKey};
use devices::Device;
use people::People;

/// What every request looks up, without a query.
#[derive(Debug, Default)]
pub struct Directory {
    devices: Arc<HashMap<DeviceId, (Arc<Device>, ReadyKey)>>,
    people: Arc<People>,
}

impl Directory {
    /// # Errors
    /// Those of the store.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let keyed = devices::all(conn)?.into_iter().map(|d| (d.id, (d.key.ready(), d)));
        let devices = keyed.map(|(id, (key, d))| (id, (Arc::new(d), key))).collect();
        Ok(Self { devices: Arc::new(devices), people: Arc::new(People::load(conn)?) })
    }

    /// The same devices with people read again: whoever signs in must not cost a pass over all keys.
    ///
    /// # Errors
    /// Those of the store.
    pub fn with_people_of(&self, conn: &Connection) -> rusqlite::Result<Self> {
        Ok(Self { devices: Arc::clone(&self.devices), people: Arc::new(People::load(conn)?) })
    }

    pub fn people(&self) -> &People {
        &self.people
    }

    pub fn device(&self, id: &DeviceId) -> Option<Arc<Device>> {
        self.devices.get(id).map(|(device, _)| Arc::clone(device))
    }

    /// A device with its key ready for checking.
    pub fn ready(&self, id: &DeviceId) -> Option<(&Device, &ReadyKey)> {
        self.devices.get(id).map(|(device, key)| (&**device, key))
    }

    pub fn device_count(&self) -> usize {
        self.devices.len()
    }
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
