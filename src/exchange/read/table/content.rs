//! What a cell looks like, whatever its heading says.

use super::{clean, dates};
use crate::model::{identifier, schema};

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Nothing,
    Date,
    Percent,
    Number,
    Email,
    Url,
    Phone,
    Country,
    Currency,
    Company,
    Person,
    Identifier(&'static str),
    Text,
}

/// Formats whose check is strict enough to tell one by itself.
const CHECKED: [&str; 5] = ["lei", "iban", "isin", "uscc", "imo"];

/// What a cell looks like.
pub(super) fn kind(cell: &str) -> Kind {
    let cell = cell.trim();
    if clean::is_nothing(cell) {
        return Kind::Nothing;
    }
    if let Some(format) = identifier_of(cell) {
        return Kind::Identifier(format);
    }
    if cell.contains('@')
        && cell.split_once('@').is_some_and(|(_, host)| host.contains('.'))
        && !cell.contains(' ')
    {
        return Kind::Email;
    }
    let lower = cell.to_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.") {
        return Kind::Url;
    }
    if is_percent(cell) {
        return Kind::Percent;
    }
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    if digits > 0 && is_date(cell) {
        return Kind::Date;
    }
    if cell.starts_with('+') && digits >= 8 && cell.chars().all(|c| "+0123456789 ()-./".contains(c))
    {
        return Kind::Phone;
    }
    if digits > 0 && is_number(cell) {
        return Kind::Number;
    }
    if is_country(cell) {
        return Kind::Country;
    }
    if is_currency(cell) {
        return Kind::Currency;
    }
    if is_company(cell) {
        return Kind::Company;
    }
    if is_person(cell) {
        return Kind::Person;
    }
    Kind::Text
}

fn identifier_of(cell: &str) -> Option<&'static str> {
    let length = cell.chars().count();
    if !(7..=42).contains(&length) {
        return None;
    }
    CHECKED.into_iter().find(|format| {
        let bare = identifier::bare(format, cell);
        // Any seven digits pass the check of a ship one time in ten: those need their letters.
        let marked = *format != "imo" || cell.to_uppercase().starts_with("IMO");
        marked && identifier::holds(format, &bare) == Some(true)
    })
}

/// Whether a cell satisfies the check of a format, letters or not.
pub(super) fn satisfies(format: &str, cell: &str) -> bool {
    identifier::holds(format, &identifier::bare(format, cell)) == Some(true)
}

fn is_percent(cell: &str) -> bool {
    let Some(bare) = cell.strip_suffix(['%', '％']) else { return false };
    let bare = bare.trim();
    !bare.is_empty()
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' '))
}

/// A date that is more than a year: four digits alone may be anything.
fn is_date(cell: &str) -> bool {
    let shaped = cell.len() >= 6 && cell.chars().count() <= 40;
    let number = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let dotted = cell.matches('.').count() == 2;
    shaped
        && (!number || dotted || cell.len() == 8)
        && (dates::order_of(cell).is_some()
            || dates::read(cell, Some(dates::Order::Day)).is_ok()
            || dates::read(cell, None).is_err_and(|reason| reason.contains("two digits")))
}

fn is_number(cell: &str) -> bool {
    let allowed = |c: char| c.is_ascii_digit() || " .,-+'$€£¥₽()\u{a0}\u{202f}".contains(c);
    let bare = cell.trim_end_matches(|c: char| c.is_ascii_uppercase() || c == ' ');
    cell.len() - bare.len() <= 4 && bare.chars().all(allowed)
}

fn is_country(cell: &str) -> bool {
    let list = schema::schema("Company").and_then(|schema| schema.property("country"));
    let short = cell.chars().count() <= 3;
    // Two letters are a code where they are in capitals or all of the column are such.
    let shaped = !short || cell.chars().all(char::is_alphabetic);
    shaped
        && cell.chars().count() <= 60
        && (list.is_some_and(|list| list.choice_named(cell).is_some())
            || clean::country(cell).is_some())
}

pub(super) fn is_currency(cell: &str) -> bool {
    const CODES: &str = "USD EUR GBP CHF JPY CNY RUB HKD SGD AED KRW KPW UAH KZT TRY INR AUD CAD SEK \
        NOK DKK PLN CZK HUF RON BGN ILS ZAR BRL MXN THB MYR IDR VND PHP TWD NZD SAR QAR KWD BHD OMR \
        BYN GEL AMD AZN MDL RMB RUR";
    cell.len() == 3 && CODES.split_whitespace().any(|code| code == cell)
}

/// Whether a cell is a text about something, not a name: it has sentences or is too long.
fn is_text(cell: &str) -> bool {
    let length = cell.chars().count();
    length > 150
        || cell.contains(['。', '：'])
        || length > 25 && cell.contains('，')
        || length > 60 && cell.contains(['\n', '\r'])
}

/// Whether a name ends, or begins, as those of companies do.
pub(super) fn is_company(cell: &str) -> bool {
    const LATIN: &str = "ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh ag kg \
        kgaa ohg ug ek se sa sarl sas sasu snc srl spa sapa sl slu slp bv nv vof ab as asa aps oy oyj \
        sro zoo ooo oao zao pao ao tov too pte pty sdn bhd kk kft zrt doo ad ood eood dd sia uab ou jsc \
        ojsc cjsc pjsc fze fzc fzco dmcc holding holdings group trust foundation stiftung anstalt ev eg \
        establishment enterprises shipping trading bank ltda eireli sicav scs sca pvt cv oü şti aş osk bhd kft eirl sac sapi spzoo";
    const CYRILLIC: &str = "ооо еоод еад ад оод ет ооод одо чп чуп унп оао зао пао ао нко ип тов тоо прат пат ват фгуп муп кооператив";
    const CJK: [&str; 16] = [
        "有限公司",
        "有限责任公司",
        "股份公司",
        "公司",
        "集团",
        "集團",
        "商行",
        "株式会社",
        "有限会社",
        "合同会社",
        "주식회사",
        "(주)",
        "㈜",
        "유한회사",
        "회사",
        "무역",
    ];
    if is_text(cell) || has_degree(cell) {
        return false;
    }
    if CJK.iter().any(|suffix| cell.contains(suffix)) {
        return true;
    }
    let lower = cell.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| {
            c.is_whitespace() || matches!(c, ',' | '"' | '«' | '»' | '(' | ')' | '„' | '“')
        })
        .map(|word| word.replace(['.', '/', '&'], ""))
        .filter(|word| !word.is_empty())
        .collect();
    let known = |list: &str, word: &String| list.split_whitespace().any(|known| known == word);
    let ends = words.len() > 1 && words.iter().rev().take(2).any(|word| known(LATIN, word));
    // “S. A.” and “d. o. o.” fall apart into letters.
    let tail: String =
        words.iter().rev().take(3).filter(|w| w.chars().count() == 1).cloned().collect();
    let lettered =
        ["as", "oo", "od", "rs", "ood", "vb", "vn", "oos", "ors", "sa", "ooz", "lrs", "tv", "oor"]
            .contains(&&*tail);
    let begins = words.len() > 1 && words.iter().take(1).any(|word| known(CYRILLIC, word));
    let cyrillic_end = words.len() > 1 && words.last().is_some_and(|word| known(CYRILLIC, word));
    ends || begins
        || cyrillic_end
        || lettered && words.len() > 2
        || lower.contains("общество с ограниченной")
}

/// Whether a cell names a form of companies: `GmbH`, “Private limited company”, 有限责任公司.
pub(super) fn is_legal_form(cell: &str) -> bool {
    const WORDS: &str = "company companies corporation partnership limited liability cooperative \
        foundation association gesellschaft verein stiftung société sociedad società sociedade \
        spółka společnost общество предприятие anonim şirket osaühing aktsiaselts";
    is_company(&format!("x {cell}"))
        || cell.contains("会社")
        || cell
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| !word.is_empty() && WORDS.split_whitespace().any(|known| known == word))
}

/// Whether a name has the form of an organization's: of a company, a trust, a fund, an office.
pub(super) fn is_organization(name: &str) -> bool {
    const WORDS: &str = "trust trustees nominees fund foundation association ministry bank company \
        society institute agency university committee council party limited secretarial services \
        industries logistics capital partners ventures commodities metals stiftung verein fonds \
        fundación asociación banco ministerio association fondation société банк фонд общество \
        министерство партия союз компания завод холдинг";
    // Words of sentences, too: in a name they are capitals.
    const BODIES: &str = "department bureau authority administration school college hospital clinic \
        municipality government federation cooperative consortium verband genossenschaft landkreis \
        bundesamt universität mairie préfecture université hôpital syndicat fédération ministère \
        métropole ayuntamiento secretaría universidad municipalidad gobierno instituto cooperativa \
        consorcio prefeitura município secretaria universidade tribunal câmara consórcio ministério \
        università comune ministero consorzio управление инспекция учреждение администрация \
        департамент комитет школа больница университет институт агентство служба управління \
        установа адміністрація комітет лікарня університет інститут міністерство";
    const PARTS: [&str; 40] = [
        "金庫",
        "組合",
        "協会",
        "协会",
        "財団",
        "持株会",
        "信託",
        "生命保険",
        "大学",
        "研究院",
        "研究所",
        "委员会",
        "委員会",
        "協會",
        "조합",
        "협회",
        "재단",
        "대학교",
        "연구원",
        "公司",
        "集团",
        "银行",
        "基金",
        "企业",
        "銀行",
        "株式",
        "은행",
        "무역",
        "شركة",
        "مؤسسة",
        "بنك",
        "בע\"מ",
        "บริษัท",
        "ห้างหุ้นส่วน",
        "شرکت",
        "مؤسسه",
        "شركه",
        "ذ.م.م",
        "בע״מ",
        "שותפות",
    ];
    const STARTS: [&str; 4] = ["công ty", "cty ", "doanh nghiệp", "ngân hàng"];
    if is_text(name) {
        return false;
    }
    let lower = name.to_lowercase();
    if STARTS.iter().any(|start| lower.starts_with(start)) {
        return true;
    }
    is_company(name)
        || PARTS.iter().any(|part| name.contains(part))
        || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
            let lower = word.to_lowercase();
            let known = |list: &str| list.split_whitespace().any(|known| known == lower);
            known(WORDS) || word.starts_with(char::is_uppercase) && known(BODIES)
        })
}

/// Whether a name begins, or ends, with the title of a person: “Frau Dr. Norden”, “นาย”, “王芳女士”.
pub(super) fn is_titled(name: &str) -> bool {
    const FIRST: &str = "mr mrs ms miss mme mlle madame monsieur herr frau fräulein señor señora sra \
        srta signor signora sig.ra dhr mevr mevrouw meneer fru г-н г-жа господин госпожа пан пані \
        pani bayan encik puan ông bà shri smt السيد السيدة آقای خانم מר גב'";
    // Written without a blank behind them.
    const BEFORE: [&str; 4] = ["นางสาว", "นาย", "นาง", "น.ส."];
    const BEHIND: [&str; 4] = ["先生", "女士", "小姐", "様"];
    let name = name.trim();
    if is_organization(name) || name.contains(char::is_numeric) {
        return false;
    }
    if has_degree(name) {
        return true;
    }
    let Some((first, rest)) = name.split_once(char::is_whitespace) else {
        return BEHIND.iter().any(|title| name.ends_with(title) && name.chars().count() > 2);
    };
    let title = first.to_lowercase();
    // “M. Dupont” and “Sr. Ruiz”, not “M Dupont”.
    let short =
        matches!(&*title, "m." | "sr." | "don" | "doña" | "sig." | "dña." | "dr." | "drs." | "hj.");
    let known = FIRST.split_whitespace().any(|known| known == title.trim_end_matches('.'));
    let last = rest.chars().any(char::is_alphabetic);
    last && (short || known)
        || BEFORE.iter().any(|title| name.starts_with(title) && name.chars().count() > 6)
        || BEHIND.iter().any(|title| name.ends_with(title))
}

/// Whether a degree stands behind a name: “Jo Roe, Ph.D.”, “Irma Norden S.Sos., M.M.”.
fn has_degree(name: &str) -> bool {
    const DEGREES: &str = "phd mba msc bsc llm mpa md jd dphil esq sh mh mm ssos msi sip mpd spd sag mag \
        st mt skom mkom skm mkes spt ssi mfil lc se mse drpt";
    let Some((before, last)) = name.trim().rsplit_once([' ', ',']) else { return false };
    let dotted = last.trim_end_matches('.').contains('.');
    let bare = last.replace('.', "").to_lowercase();
    let known = DEGREES.split_whitespace().any(|degree| degree == bare);
    before.contains(' ')
        && known
        && (dotted || matches!(last, "PhD" | "MBA" | "MSc" | "LLM" | "MPA" | "Esq."))
}

/// Whether it looks like the name of a person: two to four capitalised words without digits,
/// or two to four Han or Hangul characters.
fn is_person(cell: &str) -> bool {
    let count = cell.chars().count();
    if (2..=4).contains(&count) && cell.chars().all(is_cjk) {
        return true;
    }
    let words: Vec<&str> = cell.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let capitalised = |word: &&str| {
        let mut chars = word.chars();
        let small = matches!(
            &*word.to_lowercase(),
            "de" | "van" | "von" | "der" | "bin" | "al" | "da" | "di" | "el" | "la"
        );
        small
            || chars.next().is_some_and(char::is_uppercase)
                && chars.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
    };
    (2..=5).contains(&words.len()) && words.iter().all(capitalised)
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{3400}'..='\u{4dbf}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_look_like_what_they_are() {
        for (cell, looks) in [
            ("2016-08-03", Kind::Date),
            ("03.08.2016", Kind::Date),
            ("3 августа 2016 г.", Kind::Date),
            ("2016", Kind::Number),
            ("12,5 %", Kind::Percent),
            ("1.250.000,50", Kind::Number),
            ("1250 EUR", Kind::Number),
            ("00123456", Kind::Number),
            ("a@example.org", Kind::Email),
            ("www.example.org", Kind::Url),
            ("+44 20 7946 0000", Kind::Phone),
            ("529900T8BM49AURSDO55", Kind::Identifier("lei")),
            ("IMO 9074729", Kind::Identifier("imo")),
            ("GB82 WEST 1234 5698 7654 32", Kind::Identifier("iban")),
            ("91350100M000100Y43", Kind::Identifier("uscc")),
            ("Germany", Kind::Country),
            ("香港", Kind::Country),
            ("USD", Kind::Currency),
            ("A Trading (FICTIONAL) GmbH", Kind::Company),
            ("ООО «Ромашка»", Kind::Company),
            ("丹东测试有限公司", Kind::Company),
            ("주식회사 시험", Kind::Company),
            ("Jane van Doe", Kind::Person),
            ("Иванов Иван Иванович", Kind::Person),
            ("金英哲", Kind::Person),
            ("some remark about it", Kind::Text),
            ("n/a", Kind::Nothing),
        ] {
            assert_eq!(kind(cell), looks, "{cell}");
        }
    }
}
