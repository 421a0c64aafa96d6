//! What headings of many lands mean.

use super::*;

#[test]
fn headings_of_many_lands_are_understood() {
    for (heading, role, what) in [
        ("Company Name", None, Some("name")),
        ("Registration No.", None, Some("registrationNumber")),
        ("Firma", Some(Role::Company), Some("name")),
        ("Geschäftsführer", Some(Role::Director), Some("name")),
        ("Наименование", None, Some("name")),
        ("Адрес организации", Some(Role::Company), Some("address")),
        ("Дата рождения директора", Some(Role::Director), Some("birthDate")),
        ("公司名称", None, Some("name")),
        ("法定代表人", Some(Role::Director), Some("name")),
        ("股东姓名", Some(Role::Owner), Some("name")),
        ("회사명", None, Some("name")),
        ("주주 국적", Some(Role::Owner), Some("nationality")),
        ("ownerBirthDate", Some(Role::Owner), Some("birthDate")),
        ("director_nationality", Some(Role::Director), Some("nationality")),
        ("Shareholder", Some(Role::Owner), Some("name")),
        ("Share %", None, Some("percentage")),
        ("Beneficial owner country", Some(Role::Owner), Some("country")),
        ("Beneficiary", Some(Role::Beneficiary), Some("name")),
        ("Date of birth", None, Some("birthDate")),
        ("IMO", None, Some("imoNumber")),
        ("Zahlungsempfänger", Some(Role::Beneficiary), Some("name")),
        ("PreviousName_1.CompanyName", None, Some("previousName")),
        ("Firma / Company name", Some(Role::Company), Some("name")),
        ("اسم الشركة / Company name", None, Some("name")),
        ("رقم الحساب", None, Some("accountNumber")),
        ("dir1_nm", Some(Role::Director), Some("name")),
        ("dt_inc", None, Some("incorporationDate")),
        ("bo_ctry", Some(Role::Owner), Some("country")),
        ("cmpny_no", None, Some("registrationNumber")),
        ("cust_nm", Some(Role::Customer), Some("name")),
        ("Ärinimi / nimi", None, Some("name")),
        ("Razão social", None, Some("name")),
        ("Обліковий код ЄДРПОУ", None, Some("registrationNumber")),
        ("Beguenstigter/Zahlungspflichtiger", Some(Role::Counterparty), Some("name")),
        ("vessel_1_type", None, Some("type")),
        ("prev_employer_1", Some(Role::Employer), Some("name")),
        ("受取口座番号", Some(Role::Beneficiary), Some("accountNumber")),
        ("interests.0.share.exact", None, Some("percentage")),
        ("Fødselsår/orgnr", None, Some("birthOrNumber")),
        ("企業名、組織名 Company or Organization", Some(Role::Company), Some("name")),
        ("EU relations person", Some(Role::Person), Some("name")),
        ("企業名", Some(Role::Company), Some("name")),
        ("xyzzy", None, None),
    ] {
        let told = meaning(heading);
        assert_eq!((told.role, told.what), (role, what), "{heading}");
    }
}

/// A heading, whose column it is, and what stands in it.
type Said<'a> = (&'a str, Option<Role>, &'a str);

/// Asserts what each heading says.
fn say(headings: &[Said]) {
    let wrong: Vec<String> = headings
        .iter()
        .filter_map(|(heading, role, what)| {
            let told = meaning(heading);
            let right = (told.role, told.what) == (*role, Some(*what)) && told.part >= 30;
            (!right).then(|| format!("{heading}: {told:?}, not {role:?} {what}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn short_and_squeezed_english_is_understood() {
    use Role::*;
    say(&[
        ("ctry_cd", None, "country"),
        ("txn_amt", None, "amount"),
        ("bnf_name", Some(Beneficiary), "name"),
        ("orig_acct", Some(Payer), "accountNumber"),
        ("reg_dt", None, "incorporationDate"),
        ("pct_owned", None, "percentage"),
        ("strCompanyName", None, "name"),
        ("t1_CompanyName", None, "name"),
        ("txtDirectorName", Some(Director), "name"),
        ("companyname", None, "name"),
        ("registrationno", None, "registrationNumber"),
        ("shareholdername", Some(Owner), "name"),
        ("vesselname", Some(Vessel), "name"),
        ("supplieraddress", Some(Supplier), "address"),
        ("Name of the owner", Some(Owner), "name"),
        ("Suppliers", Some(Supplier), "name"),
        ("Payee's account no.", Some(Beneficiary), "accountNumber"),
        ("awarding_agency_name", Some(Authority), "name"),
        ("recipient_uei", Some(Beneficiary), "registrationNumber"),
        ("TRANSACTION_AMT", None, "amount"),
        ("owner_2_dob", Some(Owner), "birthDate"),
        ("RmtInf", None, "purpose"),
        ("BookgDt", None, "date"),
        ("EndToEndId", None, "transactionNumber"),
        ("cnsgn_nm", Some(Consignee), "name"),
        ("Licence holder", Some(Company), "name"),
    ]);
}

#[test]
fn headings_of_the_west_are_understood() {
    use Role::*;
    say(&[
        ("Gesellschaftsname", Some(Company), "name"),
        ("Name des Gesellschafters", Some(Owner), "name"),
        ("Schuldneradresse", Some(Debtor), "address"),
        ("Lieferantenname", Some(Supplier), "name"),
        ("Vertragsnummer", None, "transactionNumber"),
        ("Gruendungsdatum", None, "incorporationDate"),
        ("Waehrung", None, "currency"),
        ("Empfängername", Some(Beneficiary), "name"),
        ("Stimmrechtsanteil", None, "percentage"),
        ("Bruttoraumzahl", None, "tonnage"),
        ("Auftragssumme", None, "amount"),
        ("Straße und Hausnummer", None, "street"),
        ("N° SIREN", None, "registrationNumber"),
        ("Nom du dirigeant", Some(Director), "name"),
        ("Adresse du siège social", None, "address"),
        ("Montant du marché", None, "amount"),
        ("Nom du fournisseur", Some(Supplier), "name"),
        ("Pourcentage de parts", None, "percentage"),
        ("Nombre del representante legal", Some(Director), "name"),
        ("Fecha de matrícula", None, "incorporationDate"),
        ("Importe adjudicado", None, "amount"),
        ("Domicilio del deudor", Some(Debtor), "address"),
        ("nome_socio", Some(Owner), "name"),
        ("cnpj_cpf_do_socio", Some(Owner), "taxNumber"),
        ("data_entrada_sociedade", None, "startDate"),
        ("Nome do favorecido", Some(Beneficiary), "name"),
        ("Órgão contratante", Some(Authority), "name"),
        ("Denominazione dell'impresa", Some(Company), "name"),
        ("Data di nascita dell'amministratore", Some(Director), "birthDate"),
        ("Stazione appaltante", Some(Authority), "name"),
        ("Quota di partecipazione", None, "percentage"),
        ("Naam van de bestuurder", Some(Director), "name"),
        ("Datum van oprichting", None, "incorporationDate"),
        ("Statutaire zetel", None, "address"),
        ("Ägarens namn", Some(Owner), "name"),
        ("Firmatecknare", Some(Director), "name"),
        ("Beställare", Some(Authority), "name"),
        ("Aksjonærens navn", Some(Owner), "name"),
        ("Leverandørens navn", Some(Supplier), "name"),
        ("Ejerens navn", Some(Owner), "name"),
        ("Omistajan nimi", Some(Owner), "name"),
        ("Hankintayksikkö", Some(Authority), "name"),
        ("Toimittajan nimi", Some(Supplier), "name"),
    ]);
}

#[test]
fn headings_of_the_middle_of_europe_are_understood() {
    use Role::*;
    say(&[
        ("Nazwa wspólnika", Some(Owner), "name"),
        ("Data urodzenia wspólnika", Some(Owner), "birthDate"),
        ("Siedziba podmiotu", Some(Company), "address"),
        ("Wartość umowy", None, "amount"),
        ("Data zawarcia umowy", None, "date"),
        ("Numer rachunku nadawcy", Some(Payer), "accountNumber"),
        ("wlasciciel", Some(Owner), "name"),
        ("Jméno společníka", Some(Owner), "name"),
        ("Sídlo společnosti", None, "address"),
        ("Datum narození jednatele", Some(Director), "birthDate"),
        ("IČO dodavatele", Some(Supplier), "registrationNumber"),
        ("Název zadavatele", Some(Authority), "name"),
        ("Dodávateľ", Some(Supplier), "name"),
        ("Meno konateľa", Some(Director), "name"),
        ("Naročnik", Some(Authority), "name"),
        ("Davčna številka", None, "taxNumber"),
        ("Lastniški delež", None, "percentage"),
        ("Naziv dobavljača", Some(Supplier), "name"),
        ("Матични број", None, "registrationNumber"),
        ("Датум рођења", None, "birthDate"),
        ("Tulajdonos neve", Some(Owner), "name"),
        ("Ügyvezető születési ideje", Some(Director), "birthDate"),
        ("Nyertes ajánlattevő", Some(Supplier), "name"),
        ("Cég székhelye", Some(Company), "address"),
        ("Denumire furnizor", Some(Supplier), "name"),
        ("Valoare contract", None, "amount"),
        ("Autoritatea contractantă", Some(Authority), "name"),
        ("Възложител", Some(Authority), "name"),
        ("Име на собственика", Some(Owner), "name"),
        ("Седалище", None, "address"),
        ("Ημερομηνία ίδρυσης", None, "incorporationDate"),
        ("Ποσοστό συμμετοχής", None, "percentage"),
        ("Όνομα πλοίου", Some(Vessel), "name"),
        ("Osaniku nimi", Some(Owner), "name"),
        ("Juhatuse liikme isikukood", Some(Director), "idNumber"),
        ("Hankija", Some(Authority), "name"),
        ("Piegādātājs", Some(Supplier), "name"),
        ("Juridiskā adrese", None, "address"),
        ("Tiekėjas", Some(Supplier), "name"),
        ("Perkančioji organizacija", Some(Authority), "name"),
        ("Emri i subjektit", Some(Company), "name"),
        ("NIPT", None, "taxNumber"),
        ("Data e lindjes", None, "birthDate"),
    ]);
}

#[test]
fn headings_of_the_east_are_understood() {
    use Role::*;
    say(&[
        ("Наименование кредитора", Some(Creditor), "name"),
        ("ФИО учредителя", Some(Owner), "name"),
        ("Адрес должника", Some(Debtor), "address"),
        ("ИНН поставщика", Some(Supplier), "innCode"),
        ("Сумма контракта", None, "amount"),
        ("Наименование заказчика", Some(Authority), "name"),
        ("Дата заключения контракта", None, "date"),
        ("Гражданство директора", Some(Director), "nationality"),
        ("Найменування замовника", Some(Authority), "name"),
        ("ПІБ керівника", Some(Director), "name"),
        ("Дата народження засновника", Some(Owner), "birthDate"),
        ("Құрылтайшы", Some(Owner), "name"),
        ("Өнім беруші", Some(Supplier), "name"),
        ("დასახელება", None, "name"),
        ("საიდენტიფიკაციო კოდი", None, "registrationNumber"),
        ("დირექტორი", Some(Director), "name"),
        ("დაბადების თარიღი", None, "birthDate"),
        ("Տնօրեն", Some(Director), "name"),
        ("ՀՎՀՀ", None, "taxNumber"),
        ("VÖEN", None, "taxNumber"),
        ("Təsisçi", Some(Owner), "name"),
        ("Hüquqi ünvan", None, "address"),
        ("Yüklenicinin adı", Some(Supplier), "name"),
        ("Sözleşme bedeli", None, "amount"),
        ("Gönderen IBAN", Some(Payer), "iban"),
        ("اسم المورد", Some(Supplier), "name"),
        ("عنوان المالك", Some(Owner), "address"),
        ("قيمة العقد", None, "amount"),
        ("کد ملی سهامدار", Some(Owner), "idNumber"),
        ("שם הספק", Some(Supplier), "name"),
        ("סכום העסקה", None, "amount"),
        ("कंपनी का नाम", Some(Company), "name"),
        ("निदेशक का नाम", Some(Director), "name"),
        ("สัญชาติผู้ถือหุ้น", Some(Owner), "nationality"),
        ("ที่อยู่ของบริษัท", Some(Company), "address"),
        ("วันเดือนปีเกิดกรรมการ", Some(Director), "birthDate"),
        ("Tên nhà thầu", Some(Supplier), "name"),
        ("Ngày sinh của giám đốc", Some(Director), "birthDate"),
        ("Giá trị hợp đồng", None, "amount"),
        ("Nama pemegang saham", Some(Owner), "name"),
        ("Nilai kontrak", None, "amount"),
        ("No. pendaftaran", None, "registrationNumber"),
        ("供应商地址", Some(Supplier), "address"),
        ("法定代表人身份证号", Some(Director), "idNumber"),
        ("付款方账号", Some(Payer), "accountNumber"),
        ("株主住所", Some(Owner), "address"),
        ("契約締結日", None, "date"),
        ("口座名義", Some(Holder), "name"),
        ("최대주주 지분율", Some(Owner), "percentage"),
        ("대표자 생년월일", Some(Director), "birthDate"),
        ("예금주명", Some(Holder), "name"),
    ]);
}

#[test]
fn counts_and_marks_name_nobody() {
    let wrong: Vec<String> = [
        "Number of directors",
        "# of investors in round",
        "# directors",
        "Director count",
        "No. of shareholders",
        "owner_count",
        "Total suppliers",
        "has_director",
        "is_owner",
        "Is vessel",
        "Director verified",
        "Payee checked",
        "Owner missing",
        "supplier_flag",
        "Director score",
        "Owner rank",
        "Anzahl Gesellschafter",
        "Anzahl der Geschäftsführer",
        "Nombre d'actionnaires",
        "Nombre de dirigeants",
        "Número de socios",
        "Numero di amministratori",
        "Aantal bestuurders",
        "Antal ägare",
        "Количество учредителей",
        "Число акционеров",
        "Liczba wspólników",
        "Počet společníků",
        "股东人数",
        "董事人数",
        "Part of speech",
        "Date of detention",
        "Colour",
        "Checksum",
        "Frobnicator",
        "Latitude",
    ]
    .into_iter()
    .filter_map(|heading| {
        let told = meaning(heading);
        let somebody = told.role.is_some() || told.what == Some("name");
        let wrong = somebody || told.what == Some("percentage");
        wrong.then(|| format!("{heading}: {told:?}"))
    })
    .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_phrase_has_two_meanings() {
    let mut known: HashMap<(&str, String), &str> = HashMap::new();
    let mut twice = Vec::new();
    for line in include_str!("../words.txt").lines().filter(|line| !line.starts_with('#')) {
        let Some((name, phrases)) = line.split_once(": ") else { continue };
        let (sort, phrases) = match name.split_once(' ') {
            Some(("short", word)) => ("short", word),
            Some((sort, _)) => (sort, phrases),
            None => ("attribute", phrases),
        };
        for phrase in phrases.split("; ") {
            if let Some(other) = known.insert((sort, normal(phrase)), name) {
                twice.push(format!("{phrase}: {other} and {name}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn words_for_many_things_count_as_whole_headings_only() {
    // “de la” is Romanian for “from”, and a part of every other Spanish heading.
    for (heading, not) in [
        ("Nombre del Responsable de la información", "startDate"),
        ("Data do contrato", "endDate"),
        ("Amount in EUR", "credit"),
        ("Vốn điều lệ (VND)", "name"),
    ] {
        assert_ne!(meaning(heading).what, Some(not), "{heading}");
    }
    assert_eq!(meaning("Vốn điều lệ (VND)").role, None);
    assert_eq!(meaning("Lobbyist").role, None);
}
