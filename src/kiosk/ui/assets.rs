//! Where fonts, sounds and icons lie. The first folder that holds them wins; a named folder must be right.

use std::path::{Path, PathBuf};

/// The file by which a folder is recognised.
const WITNESS: &str = "fonts/NotoSansSC-Regular.ttf";

#[derive(Debug, thiserror::Error)]
pub enum AssetsFault {
    #[error("{named} names {path:?}, but {path:?} has no {WITNESS}; point it to the folder `assets` of the release")]
    NotThere { named: &'static str, path: PathBuf },
    #[error(
        "no assets were found (looked in {looked:?}); copy the folder `assets` of the release to <prefix>/share/pingyi/assets, or set PINGYI_ASSETS to it"
    )]
    NotFound { looked: Vec<PathBuf> },
}

/// The assets folder: `explicit`, else `$PINGYI_ASSETS`, else beside the program, else the source tree's.
///
/// # Errors
/// [`AssetsFault::NotThere`] if a named folder is not one, [`AssetsFault::NotFound`] if there is none at all.
pub fn find(explicit: Option<&Path>) -> Result<PathBuf, AssetsFault> {
    let from_env = std::env::var_os("PINGYI_ASSETS").map(PathBuf::from);
    let exe = std::env::current_exe().ok();
    choose(explicit, from_env.as_deref(), exe.as_deref().and_then(Path::parent))
}

fn choose(explicit: Option<&Path>, from_env: Option<&Path>, exe_dir: Option<&Path>) -> Result<PathBuf, AssetsFault> {
    for (named, path) in [("the option", explicit), ("PINGYI_ASSETS", from_env)] {
        if let Some(path) = path {
            return if holds_assets(path) {
                Ok(path.to_owned())
            } else {
                Err(AssetsFault::NotThere { named, path: path.to_owned() })
            };
        }
    }
    let looked = implied(exe_dir);
    match looked.iter().find(|path| holds_assets(path)) {
        Some(path) => Ok(path.clone()),
        None => Err(AssetsFault::NotFound { looked }),
    }
}

fn implied(exe_dir: Option<&Path>) -> Vec<PathBuf> {
    let mut looked = Vec::new();
    if let Some(dir) = exe_dir {
        looked.push(dir.join("../share/pingyi/assets"));
        looked.push(dir.join("assets"));
    }
    looked.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"));
    looked
}

fn holds_assets(path: &Path) -> bool {
    path.join(WITNESS).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with_witness() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("fonts")).unwrap();
        std::fs::write(dir.path().join(WITNESS), b"").unwrap();
        dir
    }

    #[test]
    fn the_option_wins_over_the_environment_and_both_over_the_program() {
        let (a, b) = (folder_with_witness(), folder_with_witness());
        assert_eq!(choose(Some(a.path()), Some(b.path()), None).unwrap(), a.path());
        assert_eq!(choose(None, Some(b.path()), None).unwrap(), b.path());
    }

    #[test]
    fn a_named_folder_that_is_wrong_is_said_and_not_skipped() {
        let empty = tempfile::tempdir().unwrap();
        let fault = choose(None, Some(empty.path()), None).unwrap_err();
        assert!(matches!(fault, AssetsFault::NotThere { named: "PINGYI_ASSETS", .. }), "{fault}");
    }

    #[test]
    fn beside_the_program_comes_before_the_source_tree() {
        let prefix = tempfile::tempdir().unwrap();
        let share = prefix.path().join("share/pingyi/assets/fonts");
        std::fs::create_dir_all(&share).unwrap();
        std::fs::write(share.join("NotoSansSC-Regular.ttf"), b"").unwrap();
        std::fs::create_dir(prefix.path().join("bin")).unwrap();
        let found = choose(None, None, Some(&prefix.path().join("bin"))).unwrap();
        assert!(found.ends_with("share/pingyi/assets"), "{found:?}");
        let source = choose(None, None, None).unwrap();
        assert!(source.join("fonts/HanaMinB.ttf").is_file());
    }
}
