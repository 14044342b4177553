//! Pictures of findings: looked at, written anew and scaled by [`portrait`], kept under their content's name beside the
//! database; and the handing in of a visit with its pictures, which pages and the interface share.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;

use super::acts::{Acting, Handed, Surroundings};
use super::refused::Refused;
use super::visits::{self, Picture};
use crate::centre::access::Who;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::portrait::{self, Portrait, PortraitFault};
use crate::centre::site::Site;
use crate::domain::inspection::visit::{MAX_PICTURES, VisitReport};

/// The folder within the centre's data.
pub const FOLDER: &str = "inspection-pictures";
/// The longer side of what is kept: a label on a counter can be read.
const KEPT_SIDE_PX: u32 = 1_600;
/// Bytes of what is kept at most.
const MAX_KEPT_BYTES: u64 = 8 * 1024 * 1024;

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Submission {
    pub inspection: i64,
    /// Made by whoever hands in, for this visit alone.
    pub id: [u8; 16],
    pub report: VisitReport,
    /// Of each finding, in their order.
    pub pictures: Vec<Vec<Bytes>>,
}

/// Why a visit was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Finding and picture count from 1.
    #[error("finding {finding}, picture {picture} {fault}")]
    Picture { finding: usize, picture: usize, fault: PortraitFault },
}

/// Takes a visit with its pictures. The same again changes nothing.
///
/// # Errors
/// Those of the writer and of the file system; the inner result says why the visit was refused.
pub async fn hand_in(
    site: &Arc<Site>,
    who: &Arc<Who>,
    submission: Submission,
) -> Result<Result<Handed, NotTaken>, ApiFault> {
    if submission.pictures.iter().map(Vec::len).sum::<usize>() > MAX_PICTURES {
        return Ok(Err(Refused::TooManyPictures.into()));
    }
    let around = Surroundings::of(site);
    let asked = (submission.clone(), Arc::clone(who), around.clone());
    let may = site.readers.read(move |conn| {
        let (submission, who, around) = &asked;
        let acting = Acting { tx: conn, now: crate::centre::clock::now().wall, who, around };
        acting.may_visit(submission.inspection, &submission.id, &submission.report)
    });
    if let Err(refused) = may.await? {
        return Ok(Err(refused.into()));
    }
    // Portraits and these take much memory for a moment: one at a time, and none is erased while another is being given.
    let _turn = portrait::TURN.acquire().await.map_err(|e| ApiFault::because(ErrorCode::Busy, &e))?;
    let Submission { inspection, id, report, pictures } = submission;
    let prepared = match prepared(site, pictures).await? {
        Ok(prepared) => prepared,
        Err(fault) => return Ok(Err(fault)),
    };
    let (who, names) = (Arc::clone(who), prepared.clone());
    let done = site.writer.attempt(move |desk| {
        let acting = Acting { tx: desk.tx, now: desk.now, who: &who, around: &around };
        acting.visit(inspection, &id, &report, &names)
    });
    let done = done.await?;
    if done.is_err() {
        erase_unless_shown(site, prepared.into_iter().flatten().map(|p| p.name).collect()).await;
    }
    Ok(done.map_err(NotTaken::from))
}

type Prepared = Result<Vec<Vec<Picture>>, NotTaken>;

async fn prepared(site: &Site, uploads: Vec<Vec<Bytes>>) -> Result<Prepared, ApiFault> {
    let folder = site.settings.inspection_pictures.clone();
    let made = tokio::task::spawn_blocking(move || -> std::io::Result<Prepared> {
        let mut out = Vec::new();
        for (f, uploads) in uploads.iter().enumerate() {
            let mut of_finding = Vec::new();
            for (p, upload) in uploads.iter().enumerate() {
                match Portrait::scaled(upload, KEPT_SIDE_PX) {
                    Err(fault) => return Ok(Err(NotTaken::Picture { finding: f + 1, picture: p + 1, fault })),
                    Ok(kept) => of_finding.push(kept),
                }
            }
            out.push(of_finding);
        }
        // Only when all of them are pictures is any kept.
        let keep = |kept: Portrait| {
            kept.keep(&folder)?;
            Ok(Picture { name: kept.name, width_px: kept.width_px, height_px: kept.height_px })
        };
        let all = out.into_iter().map(|of| of.into_iter().map(keep).collect::<std::io::Result<Vec<_>>>());
        Ok(Ok(all.collect::<std::io::Result<_>>()?))
    });
    let made = made.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    made.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))
}

async fn erase_unless_shown(site: &Site, names: Vec<String>) {
    for name in names {
        let Some(path) = portrait::file(&site.settings.inspection_pictures, &name) else { continue };
        let shown = site.readers.read(move |conn| visits::shows(conn, &name)).await;
        if matches!(shown, Ok(Ok(false))) && std::fs::remove_file(path).is_err() {
            tracing::warn!("a picture that no finding shows could not be erased");
        }
    }
}

/// A picture that was kept, and what it is.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub async fn read(site: &Site, name: &str) -> Result<(Vec<u8>, &'static str), ApiFault> {
    let missing = |cause: &dyn std::fmt::Display| ApiFault::because(ErrorCode::NotFound, cause);
    let path =
        portrait::file(&site.settings.inspection_pictures, name).ok_or_else(|| missing(&"not a picture's name"))?;
    let kind = if name.ends_with(".png") { "image/png" } else { "image/jpeg" };
    let read = tokio::task::spawn_blocking(move || read_bounded(&path)).await;
    let bytes = read.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?.map_err(|e| missing(&e))?;
    Ok((bytes, kind))
}

fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_KEPT_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
