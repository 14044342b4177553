//! The pages of rectification: the register, one case with the acts that its reader may do now, its evidence, and what the
//! staff concerned sees.

mod badges;
mod evidence;
mod export;
mod forms;
mod one;
mod own;
mod register;
mod said;

use super::{api, evidence as pieces};
use crate::centre::access::Routes;
use crate::domain::role::Need;

pub fn routes() -> Routes {
    Routes::new()
        .post("/cases/{id}/evidence", Need::CasesWork, evidence::add)
        .taking(pieces::MAX_UPLOAD_BYTES)
        .get("/cases", Need::Cases, register::page)
        .get("/cases/export", Need::Cases, export::file)
        .get("/cases/{id}", Need::Cases, one::page)
        .post("/cases/{id}/work", Need::CasesWork, one::work)
        .post("/cases/{id}/decide", Need::CasesDecide, one::decide)
        .get("/cases/{id}/evidence/{piece}", Need::Cases, evidence::send)
        .get("/me/cases", Need::Own, own::list)
        .get("/me/cases/{id}", Need::Own, own::one)
        .post("/me/cases/{id}/appeal", Need::Own, own::appeal)
        .merge(api::routes())
}
