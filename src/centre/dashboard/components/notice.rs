//! Notices and states: a shape and words, which the colour only repeats.

use maud::{Markup, Render, html};

use super::Text;

/// How good or bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Done, or in order.
    Good,
    /// To be known, or to be looked at some time.
    Note,
    /// Refused, failed, or to be looked at now.
    Bad,
    /// Not in use: paused, ended, withdrawn.
    Off,
    /// Going on.
    Busy,
}

impl Tone {
    pub const ALL: [Self; 5] = [Self::Good, Self::Note, Self::Bad, Self::Off, Self::Busy];

    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Bad => "bad",
            Self::Off => "off",
            Self::Busy => "busy",
        }
    }
}

/// One or two sentences in a box. `bad` interrupts a screen reader, the others wait.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    tone: Tone,
    sentence: Text<'a>,
    advice: Option<Text<'a>>,
    /// Drawn with the page rather than because of what was just done: not read out by itself.
    standing: bool,
}

impl<'a> Notice<'a> {
    pub fn good(sentence: impl Into<Text<'a>>) -> Self {
        Self::new(Tone::Good, sentence)
    }

    pub fn note(sentence: impl Into<Text<'a>>) -> Self {
        Self::new(Tone::Note, sentence)
    }

    pub fn bad(sentence: impl Into<Text<'a>>) -> Self {
        Self::new(Tone::Bad, sentence)
    }

    pub fn new(tone: Tone, sentence: impl Into<Text<'a>>) -> Self {
        Self { tone, sentence: sentence.into(), advice: None, standing: false }
    }

    /// What is safe, and what to do.
    #[must_use]
    pub fn advice(mut self, sentence: impl Into<Text<'a>>) -> Self {
        self.advice = Some(sentence.into());
        self
    }

    /// Part of the page, not an answer to what was just done.
    #[must_use]
    pub fn standing(mut self) -> Self {
        self.standing = true;
        self
    }
}

impl Render for Notice<'_> {
    fn render(&self) -> Markup {
        let role = if self.tone == Tone::Bad { "alert" } else { "status" };
        html! {
            div class={ "told " (self.tone.class()) } role=[(!self.standing).then_some(role)] {
                svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" {
                    @match self.tone {
                        Tone::Good => { circle cx="10" cy="10" r="8" {} path d="M6.5 10.5l2.5 2.5 4.5-5.5" {} }
                        Tone::Bad => { path d="M6.5 2h7L18 6.5v7L13.5 18h-7L2 13.5v-7zM10 6v5M10 14v.1" {} }
                        _ => { path d="M10 2.5L18.5 17h-17zM10 8v4M10 14.5v.1" {} }
                    }
                }
                div {
                    p { (self.sentence) }
                    @if let Some(advice) = &self.advice { p.small { (advice) } }
                }
            }
        }
    }
}

/// A state's shape and word.
#[derive(Debug, Clone)]
pub struct State<'a>(pub Tone, pub Text<'a>);

impl<'a> State<'a> {
    pub fn new(tone: Tone, word: impl Into<Text<'a>>) -> Self {
        Self(tone, word.into())
    }
}

impl Render for State<'_> {
    fn render(&self) -> Markup {
        html! {
            span class={ "state " (self.0.class()) } {
                svg viewBox="0 0 10 10" aria-hidden="true" focusable="false" {
                    @match self.0 {
                        Tone::Good => { circle cx="5" cy="5" r="4.5" {} }
                        Tone::Note => { path d="M5 .5L10 9.5H0z" {} }
                        Tone::Bad => { path d="M.5 .5h9v9h-9z" {} }
                        Tone::Off => { path d="M0 3.5h10v3H0z" {} }
                        Tone::Busy => { path d="M1 .5L9.5 5 1 9.5z" {} }
                    }
                }
                (self.1)
            }
        }
    }
}
