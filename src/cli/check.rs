//! `pingyi check`: every fault of a configuration folder at once.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::config::fault::{Fault, Faults, Wrong};
use crate::config::{CentreConfig, KioskConfig, board, calendar};
use crate::words::Language;
use crate::words::cli::Check;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with kiosk.toml, centre.toml or both, and the boards they name
    #[arg(default_value = "kiosk-config")]
    folder: PathBuf,
}

/// Prints all faults in Chinese and English; exit code 1 when there are any.
///
/// # Errors
/// None; faults are the answer, not an error.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    match check(&args.folder) {
        Ok(files) => {
            let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
            for &language in Language::ALL {
                println!("{}", Check(language).clean(&files.join(", ")));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            print!("{faults}");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Reads everything in `folder` and answers the files that were read.
///
/// # Errors
/// All [`Faults`] of all files.
pub fn check(folder: &Path) -> Result<Vec<PathBuf>, Faults> {
    let (kiosk_file, centre_file) = (folder.join("kiosk.toml"), folder.join("centre.toml"));
    let mut survey = Survey::default();
    if !kiosk_file.exists() && !centre_file.exists() {
        survey.faults.push(Fault::of_file(folder, Wrong::NoConfig { dir: folder.to_owned() }));
    }
    if let Some(centre) = survey.take(&centre_file, CentreConfig::load) {
        if let Some(file) = &centre.calendar {
            survey.take(file, calendar::load);
        }
        for file in &centre.boards {
            survey.take(file, |file| board::load(file, Some(&centre.photos)));
        }
    }
    if let Some((kiosk, _)) = survey.take(&kiosk_file, KioskConfig::load_with_board) {
        survey.name(&kiosk.board);
    } else {
        // The board beside a broken file is looked at as well.
        survey.take(&folder.join("board.toml"), |file| board::load(file, Some(&folder.join("photos"))));
    }
    survey.finish(folder)
}

/// What was read, and what was found in it.
#[derive(Default)]
struct Survey {
    files: Vec<PathBuf>,
    faults: Vec<Fault>,
}

impl Survey {
    /// Loads a file that is there; a file that two others name is listed once.
    fn take<T>(&mut self, file: &Path, load: impl FnOnce(&Path) -> Result<T, Faults>) -> Option<T> {
        if !file.exists() {
            return None;
        }
        self.name(file);
        match load(file) {
            Ok(value) => Some(value),
            Err(faults) => {
                self.faults.extend(faults.0);
                None
            }
        }
    }

    fn name(&mut self, file: &Path) {
        if !self.files.iter().any(|known| known == file) {
            self.files.push(file.to_owned());
        }
    }

    fn finish(self, folder: &Path) -> Result<Vec<PathBuf>, Faults> {
        Faults::unless_any(self.faults, Some(self.files), folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
        std::fs::read_to_string(folder.join(name)).unwrap()
    }

    fn faults(folder: &Path) -> Vec<(String, String)> {
        let faults = check(folder).unwrap_err().0;
        let name = |f: &Fault| f.file.file_name().unwrap().to_string_lossy().into_owned();
        faults.iter().map(|f| (name(f), f.path.clone())).collect()
    }

    #[test]
    fn the_samples_that_ship_are_clean() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kiosk-config");
        let files = check(&folder).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(files.len(), 4, "{files:?}");
    }

    #[test]
    fn faults_of_all_files_come_in_one_run() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(dir.path().join(name), text).unwrap();
        write("kiosk.toml", sample("kiosk.toml").replace("\"zh-CN\" ", "\"zh-TW\" "));
        write("centre.toml", sample("centre.toml").replace("min_group = 5", "min_group = 1"));
        write("board.toml", sample("board.toml").replace("staff_no = \"0002\"\n", "staff_no = \"0001\"\n"));
        let found = faults(dir.path());
        for (file, path) in [
            ("kiosk.toml", "screen.language"),
            ("centre.toml", "statistics.min_group"),
            ("board.toml", "staff[2].staff_no"),
        ] {
            assert!(found.contains(&(file.into(), path.into())), "{path} is not in {found:?}");
        }
        // No portrait was copied here, so each card's is missing, and is named once though two files name the board.
        assert_eq!(found.iter().filter(|(_, path)| path == "staff[5].photo").count(), 1);
    }

    #[test]
    fn a_window_that_the_board_does_not_know_is_the_kiosks_fault() {
        let dir = tempfile::tempdir().unwrap();
        let without_photos =
            sample("board.toml").lines().filter(|l| !l.starts_with("photo =")).collect::<Vec<_>>().join("\n");
        std::fs::write(dir.path().join("board.toml"), without_photos).unwrap();
        std::fs::write(dir.path().join("kiosk.toml"), sample("kiosk.toml").replace("\"W03\"", "\"W99\"")).unwrap();
        assert_eq!(faults(dir.path()), [("kiosk.toml".to_owned(), "window".to_owned())]);
    }

    #[test]
    fn a_broken_kiosk_file_does_not_hide_the_boards_faults() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("kiosk.toml"), "kiosk = \"K 1\"\nwindow = \"W01\"\n").unwrap();
        std::fs::write(dir.path().join("board.toml"), "unit = 3\n").unwrap();
        let found = faults(dir.path());
        let paths: Vec<_> = found.iter().map(|(_, path)| path.as_str()).collect();
        assert_eq!(paths, ["hall", "unit", "time_zone", "kiosk"]);
    }

    #[test]
    fn a_folder_without_configuration_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let faults = check(dir.path()).unwrap_err();
        assert!(faults.to_string().contains("kiosk.toml"), "{faults}");
    }
}
