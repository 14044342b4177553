//! What people do about stories, each in one transaction with its line in the audit log and what it changes on the board.

use std::cell::RefCell;
use std::sync::Arc;

use jiff::civil::Date;
use rusqlite::Connection;

use super::store::{self, Kept};
use crate::centre::access::Who;
use crate::centre::audit::{self, Act};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused as HallRefused;
use crate::centre::hall::portrait::Portrait;
use crate::centre::hall::sitting::Sitting;
use crate::centre::site::Site;
use crate::config::picture::Form;
use crate::domain::board::{Bilingual, Notice, limits};
use crate::domain::id::NoticeId;
use crate::domain::story::{Story, StoryRefused, Telling};
use crate::domain::time::WallMs;

/// Why an act is refused; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such story")]
    NotFound,
    #[error("there are too many already")]
    Full,
    #[error(transparent)]
    Step(#[from] StoryRefused),
    #[error("the board does not take it: {0}")]
    Hall(#[from] HallRefused),
    #[error(transparent)]
    Store(#[from] rusqlite::Error),
}

/// Within the transaction of one act.
pub struct Acting<'a> {
    tx: &'a Connection,
    now: WallMs,
    today: Date,
    who: Arc<Who>,
    halls: RefCell<Vec<hall::whole::Hall>>,
}

/// Does an act in one transaction; connected kiosks are told of what it changed on their board.
///
/// # Errors
/// Those of the writer; the inner result says why the act was refused.
pub async fn perform<T: Send + 'static>(
    site: &Site,
    who: impl Into<Arc<Who>>,
    work: impl FnOnce(&Acting<'_>) -> Result<T, Refused> + Send + 'static,
) -> Result<Result<T, Refused>, ApiFault> {
    let (zone, who) = (site.settings.time_zone.clone(), who.into());
    let done = site.writer.attempt(move |desk| {
        let acting = Acting::new(desk.tx, desk.now, hall::today(&zone, desk.now), who);
        let value = work(&acting)?;
        Ok::<_, Refused>((value, acting.halls.into_inner()))
    });
    Ok(match done.await? {
        Ok((value, halls)) => {
            hall::shown(site, halls);
            Ok(value)
        }
        Err(refused) => Err(refused),
    })
}

impl<'a> Acting<'a> {
    pub fn new(tx: &'a Connection, now: WallMs, today: Date, who: Arc<Who>) -> Self {
        Self { tx, now, today, who, halls: RefCell::default() }
    }

    /// # Errors
    /// [`Refused`].
    pub fn write(&self, telling: Telling) -> Result<i64, Refused> {
        if !self.who.reach.covers(&telling.hall) {
            return Err(Refused::NotFound);
        }
        let story = Story::write(telling, self.who.account, &self.who.name)?;
        let id = store::add(self.tx, &story, self.now)?.ok_or(Refused::Full)?;
        self.note(id, Act::StoryWritten, "")?;
        Ok(id)
    }

    /// # Errors
    /// [`Refused`].
    pub fn edit(&self, id: i64, telling: Telling) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.edit(telling, self.who.account)?;
        self.done(&kept, Act::StoryWritten, "edited")
    }

    /// Gives it a picture that was prepared here.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn illustrate(&self, id: i64, picture: &Portrait) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.touch(self.who.account)?;
        let kind = if picture.form == Form::Png { "image/png" } else { "image/jpeg" };
        store::keep_picture(self.tx, id, kind, &picture.bytes)?;
        self.done(&kept, Act::StoryWritten, "picture")
    }

    /// # Errors
    /// [`Refused`].
    pub fn propose(&self, id: i64) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.propose(self.who.account)?;
        self.done(&kept, Act::StoryProposed, "")
    }

    /// # Errors
    /// [`Refused`].
    pub fn publish(&self, id: i64) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.publish(self.who.account, &self.who.name, self.today)?;
        self.on_board(id, kept.story.telling())?;
        self.done(&kept, Act::StoryPublished, "")
    }

    /// # Errors
    /// [`Refused`].
    pub fn decline(&self, id: i64, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.decline(self.who.account, &self.who.name, reason)?;
        self.done(&kept, Act::StoryDeclined, "")
    }

    /// Takes it off every page and board, and erases its picture.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn withdraw(&self, id: i64, reason: &str) -> Result<(), Refused> {
        let mut kept = self.kept(id)?;
        kept.story.withdraw(reason)?;
        store::erase_picture(self.tx, id)?;
        self.off_board(id, kept.story.telling())?;
        self.done(&kept, Act::StoryWithdrawn, "")
    }

    /// Notes that it was taken away as a file.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn exported(&self, id: i64, form: &str) -> Result<(), Refused> {
        self.kept(id)?;
        self.note(id, Act::StoryExported, form)
    }

    /// On standby screens of a hall that the store leads: the title and as much of the text as a notice holds.
    fn on_board(&self, id: i64, telling: &Telling) -> Result<(), Refused> {
        let Some(mut sitting) = self.led(telling)? else { return Ok(()) };
        let cut = |text: &Bilingual, max: usize| Bilingual {
            zh: bounded(&text.zh, max),
            en: text.en.as_ref().map(|en| bounded(en, max)),
        };
        let key = notice_id(id)?;
        let revision = sitting.hall.find::<Notice>(key.as_str()).map_or(0, |kept| kept.revision);
        let notice = Notice {
            id: key,
            title: cut(&telling.title, limits::TITLE_CHARS),
            text: cut(&telling.text, limits::TEXT_CHARS),
            from: telling.from,
            until: telling.until,
        };
        sitting.put(notice, revision)?;
        self.halls.borrow_mut().push(sitting.close()?);
        Ok(())
    }

    fn off_board(&self, id: i64, telling: &Telling) -> Result<(), Refused> {
        let Some(mut sitting) = self.led(telling)? else { return Ok(()) };
        let key = notice_id(id)?;
        let stands = sitting.hall.find::<Notice>(key.as_str()).filter(|kept| kept.retired_on.is_none());
        if let Some(revision) = stands.map(|kept| kept.revision) {
            sitting.retire_today::<Notice>(key.as_str(), revision)?;
            self.halls.borrow_mut().push(sitting.close()?);
        }
        Ok(())
    }

    /// None: its file leads the hall, and the story stands on the public page alone.
    fn led(&self, telling: &Telling) -> Result<Option<Sitting<'a>>, Refused> {
        match Sitting::open(self.tx, &telling.hall, Arc::clone(&self.who), self.now, self.today) {
            Ok(sitting) => Ok(Some(sitting)),
            Err(HallRefused::FileLed) => Ok(None),
            Err(refused) => Err(refused.into()),
        }
    }

    fn kept(&self, id: i64) -> Result<Kept, Refused> {
        store::one(self.tx, id)?.filter(|kept| kept.is_within(&self.who.reach)).ok_or(Refused::NotFound)
    }

    fn done(&self, kept: &Kept, act: Act, detail: &str) -> Result<(), Refused> {
        store::keep(self.tx, kept.id, &kept.story, self.now)?;
        self.note(kept.id, act, detail)
    }

    fn note(&self, id: i64, act: Act, detail: &str) -> Result<(), Refused> {
        Ok(audit::append(self.tx, self.now, &self.who, act, &format!("story:{id}"), detail)?)
    }
}

fn notice_id(id: i64) -> Result<NoticeId, Refused> {
    // A number is always of the right form.
    NoticeId::new(&format!("story-{id}")).map_err(|_| Refused::NotFound)
}

/// One paragraph, cut with a sign that there is more.
fn bounded(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let mut cut: String = line.chars().take(max - 1).collect();
    cut.push('…');
    cut
}

/// What a page without a form is told of a refusal.
pub fn fault_of(refused: &Refused) -> ApiFault {
    match refused {
        Refused::NotFound => ApiFault::new(ErrorCode::NotFound),
        Refused::Store(cause) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Hall(HallRefused::Store(cause)) => ApiFault::because(ErrorCode::Unavailable, cause),
        Refused::Step(step @ StoryRefused::State(_)) => ApiFault::telling(ErrorCode::Conflict, step),
        other => ApiFault::telling(ErrorCode::BadQuery, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::access::samples::somebody;
    use crate::centre::hall::store as halls;
    use crate::centre::schema::SCHEMA;
    use crate::domain::role::Role;
    use crate::domain::story::tests::telling;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 12, 1);

    fn acting<T>(tx: &Connection, account: i64, act: impl FnOnce(&Acting<'_>) -> T) -> T {
        let who = Arc::new(Who { account, ..somebody(Role::HallSupervisor) });
        act(&Acting::new(tx, WallMs(1_796_000_000_000), TODAY, who))
    }

    #[test]
    fn a_published_story_is_on_standby_and_gone_with_its_picture_when_it_is_withdrawn() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/kiosk-config/board.toml");
        let board = crate::config::board::load(path.as_ref(), None).unwrap();
        let conn = crate::db::open_in_memory(&SCHEMA).unwrap();
        let admin = Arc::new(somebody(Role::SystemAdmin));
        Sitting::take_over(&conn, &board, None, admin, WallMs(1), TODAY).unwrap().close().unwrap();
        let long = Bilingual { zh: "好".repeat(900), en: None };
        let id = acting(&conn, 1, |a| a.write(Telling { text: long, ..telling() })).unwrap();
        let pixels = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([x as u8, y as u8, 9]));
        let mut png = std::io::Cursor::new(Vec::new());
        image::DynamicImage::from(pixels).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let picture = Portrait::prepare(png.get_ref()).unwrap();
        acting(&conn, 1, |a| a.illustrate(id, &picture)).unwrap();
        acting(&conn, 1, |a| a.propose(id)).unwrap();
        assert!(matches!(acting(&conn, 1, |a| a.publish(id)), Err(Refused::Step(StoryRefused::SamePerson))));
        acting(&conn, 2, |a| a.publish(id)).unwrap();
        let notices = || halls::load(&conn, &board.hall.id).unwrap().unwrap().board(TODAY).notices;
        let own = notices().into_iter().find(|n| n.id.as_str() == format!("story-{id}")).unwrap();
        assert_eq!(own.text.zh.chars().count(), limits::TEXT_CHARS);
        let seen = store::visible(&conn, &board.hall.id, TODAY).unwrap();
        assert!(seen.len() == 1 && seen[0].has_picture);
        assert!(store::visible(&conn, &board.hall.id, date(2027, 1, 1)).unwrap().is_empty());
        acting(&conn, 3, |a| a.withdraw(id, "收回同意")).unwrap();
        assert!(notices().iter().all(|n| n.id != own.id) && store::picture(&conn, id).unwrap().is_none());
        assert!(audit::verify(&conn).unwrap().broken.is_empty());
    }
}
