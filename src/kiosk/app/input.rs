//! What may reach egui from outside: fingers, the left button, and the keys that move and press. Nothing can be selected,
//! copied, pasted, dropped, zoomed or scrolled.

use egui::{Context, Event, Key, PointerButton, RawInput, TouchPhase};

/// Larger textures are never asked for: the glyph atlas would grow to hundreds of megabytes.
const MAX_TEXTURE_SIDE: usize = 2048;

/// Takes away all that a kiosk has no use for.
pub fn filter(raw: &mut RawInput) {
    let side = raw.max_texture_side.unwrap_or(MAX_TEXTURE_SIDE);
    raw.max_texture_side = Some(side.min(MAX_TEXTURE_SIDE));
    raw.hovered_files.clear();
    raw.dropped_files.clear();
    raw.events.retain(is_wanted);
}

/// A finger or the left button came down in this frame.
pub fn finger_came_down(ctx: &Context) -> bool {
    ctx.input(|input| {
        input.events.iter().any(|event| {
            matches!(
                event,
                Event::Touch { phase: TouchPhase::Start, .. }
                    | Event::PointerButton { button: PointerButton::Primary, pressed: true, .. }
            )
        })
    })
}

fn is_wanted(event: &Event) -> bool {
    match event {
        Event::Key { key, modifiers, .. } => {
            let is_plain = modifiers.is_none() || modifiers.shift_only();
            is_plain && matches!(key, Key::Tab | Key::Enter | Key::Space)
        }
        Event::PointerButton { button, .. } => *button == PointerButton::Primary,
        Event::PointerMoved(_) | Event::PointerGone | Event::Touch { .. } | Event::WindowFocused(_) => true,
        Event::AccessKitActionRequest(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Modifiers, pos2};

    fn key(key: Key, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
    }

    fn button(button: PointerButton) -> Event {
        Event::PointerButton { pos: pos2(1.0, 1.0), button, pressed: true, modifiers: Modifiers::NONE }
    }

    #[test]
    fn only_fingers_the_left_button_and_plain_keys_come_through() {
        let mut raw = RawInput {
            max_texture_side: Some(16_384),
            events: vec![
                button(PointerButton::Primary),
                button(PointerButton::Secondary),
                button(PointerButton::Middle),
                key(Key::Q, Modifiers::CTRL),
                key(Key::Enter, Modifiers::NONE),
                key(Key::Tab, Modifiers::ALT),
                key(Key::F4, Modifiers::ALT),
                Event::Copy,
                Event::Paste("x".into()),
                Event::Text("满".into()),
                Event::Zoom(2.0),
            ],
            ..RawInput::default()
        };
        raw.hovered_files.push(egui::HoveredFile::default());
        filter(&mut raw);
        assert_eq!(raw.events, vec![button(PointerButton::Primary), key(Key::Enter, Modifiers::NONE)]);
        assert_eq!(raw.max_texture_side, Some(2048));
        assert!(raw.hovered_files.is_empty() && raw.dropped_files.is_empty());
    }
}
