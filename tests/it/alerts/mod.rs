//! Alerts from a rating at a window to a message at its receiver: real ratings, a real mail server of another author, a
//! real HTTP receiver that refuses, fails, hangs and recovers.

mod hall;
mod mail;
mod pages;
mod public;
mod receiver;
mod webhook;
