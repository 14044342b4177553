//! End to end: the real program, a real window, real clicks and touches, a real browser.
//!
//! A test whose tool is missing says "skipped: no …" and passes, but fails where `PINGYI_CI=1`. Tests take turns.

mod by_phone;
mod campaign_story;
mod campaign_town;
mod demo;
mod display;
mod escape;
mod every_page;
mod idle;
mod inputtest;
mod inspections;
mod paper;
mod people;
mod phone_pages;
mod process;
mod story;
mod supervisor_story;
mod tools;
mod touch;
mod wait;
mod wayland;
mod webdriver;
mod without_scripts;
