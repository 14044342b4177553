//! Sheets and their bytes.

use super::*;
use proptest::prelude::*;

fn cells() -> impl Strategy<Value = Vec<(Key, Cell)>> {
    let key = (0_u32..40, 0_u32..300, 0_u8..3, 1_u8..8, 0_u8..25, 1_u32..6, 0_u32..9_000);
    let one = (key, any::<[i16; 4]>()).prop_map(|((reason, item, channel, weekday, hour, window, staff), n)| {
        let run = Run { reason, item, channel, weekday, hour, untimed: hour == 24 };
        let n = n.map(i64::from);
        let cell = Cell { levels: [n[0], 0, 0, n[1], 0], flagged: [0, 0, 0, n[2], 0], served: n[3], sample: 0 };
        (Key { run, service_window: window, staff }, cell)
    });
    prop::collection::vec(one, 0..50)
}

fn summed(sheet: Sheet, cells: &[(Key, Cell)]) -> Cells {
    let mut sums = Cells::default();
    cells.iter().for_each(|(key, cell)| sums.entry(key.within(sheet)).or_default().add(cell));
    sums
}

fn read(sheet: Sheet, bytes: &[u8]) -> Result<Vec<(Key, Cell)>, StatisticsFault> {
    let (mut out, mut read) = (Vec::new(), Reading::open(sheet, bytes)?);
    while let Some(run) = read.next_run()? {
        while let Some(desk) = read.next_desk()? {
            let (service_window, staff) = read.desks().get(desk).copied().ok_or_else(damaged)?;
            out.push((Key { run, service_window, staff }, read.cell()?));
        }
    }
    Ok(out)
}

#[test]
fn every_sheet_is_summed_from_one_with_an_axis_more_and_the_same_reasons() {
    assert_eq!((Sheet::up_to(2).count(), Sheet::up_to(3).count()), (16, 26));
    for sheet in Sheet::up_to(3) {
        match sheet.fuller(3) {
            Some(fuller) => {
                assert_eq!(fuller.axes(), sheet.axes() + 1);
                assert_eq!((fuller.has(sheet), fuller.has(Sheet::REASON)), (true, sheet.has(Sheet::REASON)));
            }
            None => assert_eq!(sheet.axes(), 3),
        }
    }
}

proptest! {
    #[test]
    fn bytes_hold_the_cells_and_parts_join_to_the_whole(cells in cells(), cut in 0_usize..50) {
        for sheet in Sheet::up_to(5) {
            let bytes = encode(sheet, summed(sheet, &cells));
            let mut want: Vec<(Key, Cell)> = summed(sheet, &cells).into_iter().filter(|(_, c)| !c.is_zero()).collect();
            want.sort_unstable_by_key(|(key, _)| *key);
            prop_assert_eq!(read(sheet, &bytes).unwrap(), want);
            let (first, second) = cells.split_at(cut.min(cells.len()));
            let parts = [first, second].map(|part| encode(sheet, summed(sheet, part)));
            prop_assert_eq!(join(sheet, &parts).unwrap(), bytes);
        }
    }

    #[test]
    fn damaged_bytes_are_told_or_read(bytes in prop::collection::vec(any::<u8>(), 0..60), sheet in 0_u8..32) {
        let _ = read(Sheet(sheet), &bytes);
        let Ok(mut reading) = Reading::open(Sheet(sheet), &bytes) else { return Ok(()) };
        while let Ok(Some(_)) = reading.next_run() {
            while let Ok(Some(_)) = reading.next_desk() {
                if reading.pass().is_err() {
                    break;
                }
            }
        }
    }
}
