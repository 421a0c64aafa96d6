#!/usr/bin/env python3
"""Writes the workbooks among the tables of this folder. Everything in them is FICTIONAL – TRAINING.

    pip install openpyxl && ./workbooks.py

The workbooks are committed; this script says what is in them and makes them again.
"""

import datetime
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook

HERE = Path(__file__).resolve().parent
DAY = datetime.date


def fill(sheet, rows, formats=None):
    for row in rows:
        sheet.append(row)
    for column, pattern in (formats or {}).items():
        for cell in sheet[column]:
            if isinstance(cell.value, (int, float, datetime.date)):
                cell.number_format = pattern


def save(book, name):
    book.properties.creator = "FICTIONAL – TRAINING"
    book.properties.created = book.properties.modified = datetime.datetime(2020, 1, 1)
    book.save(HERE / name)


def ods(name, sheets):
    """A minimal OpenDocument spreadsheet; a cell is a text, a number, a date or (number, shown)."""
    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, tuple):
            number, text = value
            kind = "percentage" if text.endswith("%") else "float"
            return (f'<table:table-cell office:value-type="{kind}" office:value="{number}">'
                    f"<text:p>{escape(text)}</text:p></table:table-cell>")
        if isinstance(value, DAY):
            return (f'<table:table-cell office:value-type="date" office:date-value="{value}">'
                    f"<text:p>{value:%d/%m/%Y}</text:p></table:table-cell>")
        if isinstance(value, (int, float)):
            return (f'<table:table-cell office:value-type="float" office:value="{value}">'
                    f"<text:p>{value}</text:p></table:table-cell>")
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'

    tables = ""
    for title, rows in sheets.items():
        body = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>"
                       for row in rows)
        tables += f'<table:table table:name="{escape(title)}">{body}</table:table>'
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text")))
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
               'office:version="1.2"><office:body><office:spreadsheet>'
               f"{tables}</office:spreadsheet></office:body></office:document-content>")
    manifest = ('<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
                'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                '<manifest:file-entry manifest:full-path="/" manifest:media-type='
                '"application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry '
                'manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
                "</manifest:manifest>")
    with zipfile.ZipFile(HERE / name, "w") as archive:
        for part, text in (("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
                           ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(part, (2020, 1, 1, 0, 0, 0)), text)


def three_heads():
    book = Workbook()
    sheet = book.active
    sheet.title = "Register"
    fill(sheet, [
        ["FICTIONAL – TRAINING: Register of owners, as at 31 December 2019"],
        [],
        ["Company", None, None, "Owner", None, None, None, "Remarks"],
        ["Name", "Registration", None, "Name", "Holding", None, "Since", None],
        [None, "Number", "Country", None, "Shares", "Per cent", None, None],
        ["Nowhere Ventures Inc.", 4412, "BVI", "Oduya Nominees Limited", 25000, 0.5,
         DAY(2009, 5, 11), "nominee"],
        [None, None, None, "Alba Norden", 25000, 0.5, DAY(2009, 5, 11), None],
        ["Chimera Bulkers Inc", 80917, "Marshall Islands", "Nowhere Ventures Inc.", 100, 1,
         DAY(2012, 7, 1), None],
        ["Fata Morgana Ltd", 221, "Seychelles", "Chimera Bulkers Inc", 600, 0.6,
         DAY(2014, 10, 30), None],
        [None, None, None, "Esther Quill", 395, 0.395, DAY(2014, 10, 30), "died 2017"],
        [None, None, None, "Unknown", 5, 0.005, None, None],
        ["Total", None, None, "6 holdings", 51100, None, None, None],
    ], {"B": "00000000", "E": "#,##0", "F": "0.0%", "G": "dd/mm/yyyy"})
    for area in ("A1:H1", "A3:C3", "D3:G3", "A4:A5", "B4:C4", "D4:D5", "E4:F4", "G4:G5", "H3:H5",
                 "A6:A7", "B6:B7", "C6:C7", "A9:A11", "B9:B11", "C9:C11"):
        sheet.merge_cells(area)
    save(book, "parties/three_heads.xlsx")


def staff():
    book = Workbook()
    sheet = book.active
    sheet.title = "Crew"
    fill(sheet, [
        ["No", "Rank", "Surname", "First names", "Born", "Nationality", "Seaman's book",
         "Passport", "Passport expiry", "Joined"],
        [1, "Master", "VORONOV", "Gleb", 26551, "RU", 1234, "FX7755310", 43738,
         DAY(2018, 1, 5)],
        [2, "Chief officer", "RI", "Song Fik", 22647, "KP", 99, "836FX10001", 43861,
         DAY(2018, 1, 5)],
        [3, "Chief engineer", "HAYALÎOĞLU", "Şükrü", 28799, "TR", 4711, "U00000018", 44196,
         DAY(2018, 2, 28)],
        [4, "AB", "MWAMBA", "Inventé", "1969", "CD", 70001, "-", None, DAY(2018, 3, 31)],
        [5, "AB", "MWAMBA", "Inventé", 33239, "CD", 70002, "FC0000512", 44561, DAY(2018, 3, 31)],
    ], {"G": "000000", "I": "dd-mmm-yy", "J": "dd/mm/yyyy"})
    legend = book.create_sheet("Legend")
    fill(legend, [["AB = able seaman"], ["Dates of birth are serial numbers"]])
    save(book, "lists/crew_list.xlsx")


def mixed_sheets():
    book = Workbook()
    people = book.active
    people.title = "Individuals"
    fill(people, [
        ["Ref", "Last name", "First name", "Aliases", "DOB", "Citizenship", "Passport", "Listed"],
        ["IN-01", "Voronov", "Gleb", "Voronow; Varonau", DAY(1972, 9, 9), "Belarus",
         "FX7755310", DAY(2014, 3, 17)],
        ["IN-02", "Selwan", "Nour", None, "1958", "Syria", "N/A", DAY(2013, 5, 14)],
        ["IN-03", "Okonjo", "Fictus", "The Teacher", "circa 1985", "Nigeria", None,
         DAY(2018, 11, 5)],
    ], {"E": "yyyy-mm-dd", "H": "yyyy-mm-dd"})
    bodies = book.create_sheet("Entities")
    fill(bodies, [
        ["Ref", "Entity name", "Aliases", "Registration no.", "Country", "Address", "Listed"],
        ["EN-01", "Grifon Trade LLC", "Grifon-Treyd", 190000001, "Belarus",
         "14 Mirage Avenue, Minsk", DAY(2014, 3, 17)],
        ["EN-02", "Bank of Mirages", None, None, "DPRK", "P.O. Box 999", DAY(2016, 1, 22)],
    ], {"G": "yyyy-mm-dd"})
    ships = book.create_sheet("Vessels")
    fill(ships, [
        ["Ref", "Vessel name", "IMO", "Flag", "Type", "Listed"],
        ["VE-01", "FICTION STAR", 3000013, "Panama", "Bulk carrier", DAY(2018, 3, 30)],
        ["VE-02", "MIRAGE 7", 3000025, "DPRK", "General cargo", DAY(2018, 3, 30)],
    ], {"F": "yyyy-mm-dd"})
    save(book, "mixed/list_by_sheet.xlsx")


def network():
    book = Workbook()
    nodes = book.active
    nodes.title = "Nodes"
    fill(nodes, [
        ["ID", "Name", "Type", "Country", "Number"],
        [101, "Norden Holding Ltd", "Company", "GB", "FC000001"],
        [102, "Kellner Trading Ltd", "Company", "GB", "FC000002"],
        [201, "Alba Norden", "Person", "GB", None],
        [202, "Boris Kellner", "Person", "DE", None],
    ])
    edges = book.create_sheet("Edges")
    fill(edges, [
        ["From ID", "To ID", "Link", "Share", "From", "To"],
        [201, 101, "Shareholder", 0.6, DAY(2011, 4, 3), None],
        [102, 101, "Shareholder", 0.4, DAY(2011, 4, 3), DAY(2017, 2, 28)],
        [202, 102, "Director", None, DAY(2012, 12, 17), None],
        [201, 102, "Secretary", None, DAY(2013, 1, 15), None],
    ], {"D": "0%", "E": "yyyy-mm-dd", "F": "yyyy-mm-dd"})
    readme = book.create_sheet("Read me")
    fill(readme, [["FICTIONAL – TRAINING"], ["Nodes and edges of a case, exported 2019"]])
    save(book, "graph/network.xlsx")


def ledger():
    book = Workbook()
    heads = ["Date", "Paid by", "Paid to", "Amount", "Ccy", "Details"]
    first = book.active
    first.title = "2018"
    fill(first, [
        heads,
        [DAY(2018, 1, 5), "Fata Morgana Ltd", "Norden Holding Ltd", 250000, "GBP", "Loan"],
        [DAY(2018, 1, 31), "Norden Holding Ltd", "Kellner Trading Ltd", 12500.5, "GBP", "INV 117"],
        [DAY(2018, 6, 30), "Norden Holding Ltd", "Alba Norden", 40000, "GBP", "Dividend"],
        ["Total", None, None, 302500.5, None, None],
    ], {"A": "dd/mm/yyyy", "D": "#,##0.00"})
    second = book.create_sheet("2019")
    fill(second, [
        heads,
        [43490, "Norden Holding Ltd", "Kellner Trading Ltd", 9000, "GBP", "INV 131"],
        [43524, "Bank of Mirages", "Norden Holding Ltd", 1000000, "USD", "Facility"],
        [43525, "Norden Holding Ltd", "Fata Morgana Ltd", -500, "GBP", "Correction"],
    ], {"D": "#,##0.00"})
    save(book, "payments/ledger_by_year.xlsx")


def holdings():
    ods("relations/holdings.ods", {
        "Holdings": [
            ["Holdings of the group (FICTIONAL – TRAINING)"],
            [],
            ["Investor", "Investee", "Stake", "Shares", "First held", "Source"],
            ["Invented Holdings plc", "Invented Shipping BV", (1, "100%"), (18000, "18,000"),
             DAY(2004, 6, 15), "annual report"],
            ["Invented Shipping BV", "Mirage Maritime SA", (0.51, "51%"), (510, "510"),
             DAY(2012, 7, 1), "annual report"],
            ["Ostrid Kvale", "Mirage Maritime SA", (0.49, "49%"), (490, "490"),
             DAY(2012, 7, 1), "press"],
            ["Mirage Maritime SA", "Chimera Bulkers Inc", (0.125, "12.5%"), None,
             DAY(2015, 1, 31), "press"],
        ],
        "Sources": [["annual report = note 14 to the accounts"], ["press = newspaper"]],
    })


def designations():
    ods("lists/designations.ods", {
        "Designated": [
            ["List of designated entities (FICTIONAL – TRAINING)"],
            ["Name", "Also known as", "Business registration", "Phone", "Country",
             "Date designated", "Reasons"],
            ["Grifon Trade LLC", "Grifon-Treyd\nGrifon Trading", (190000001, "190000001"),
             "+375 17 000 00 01", "Belarus", DAY(2014, 3, 17),
             "Procured goods for the Ministry of Invention."],
            ["Bank of Mirages", None, None, None, "DPRK", DAY(2016, 1, 22),
             "Finances the programme."],
            ["Mirage Ship Management", "MSM", (7, "0000007"), "00852 0000 0002", "Hong Kong",
             DAY(2018, 3, 30), None],
        ],
    })


def grouped_heads():
    book = Workbook()
    sheet = book.active
    sheet.title = "Officers"
    fill(sheet, [
        ["FICTIONAL – TRAINING", None, None, None, None, None, None],
        ["Company", None, None, "Officer", None, None, None],
        ["Name", "Number", "Country", "Name", "Born", "Nationality", "Appointed"],
        ["Velmara Shipping Ltd", "00021", "CY", "Alba Norden", DAY(1967, 3, 28), "GB",
         DAY(2010, 3, 1)],
        ["Velmara Shipping Ltd", "00021", "CY", "Gleb Voronov", DAY(1972, 9, 9), "BY",
         DAY(2012, 6, 14)],
        ["Thule Energy Oy", "00009", "FI", "Clara Oduya", DAY(1971, 11, 21), "KE",
         DAY(2011, 5, 30)],
        ["Ysara Marine SA", "80917", "PA", "Alba Norden", DAY(1967, 3, 28), "GB",
         DAY(2016, 2, 29)],
    ], {"E": "dd/mm/yyyy", "G": "dd/mm/yyyy"})
    for area in ("A1:G1", "A2:C2", "D2:G2"):
        sheet.merge_cells(area)
    save(book, "field/grouped_heads.xlsx")


def long_ids():
    book = Workbook()
    sheet = book.active
    sheet.title = "Customers"
    fill(sheet, [
        ["Customer", "Tax number", "National ID", "Account", "Phone", "Balance"],
        ["Velmara Shipping Ltd", "000000000021", None, "00120034005600780091", "0049 1500 000012",
         1250000.5],
        ["Alba Norden", None, "0067032800011", "00120034005600780092", "07700900011", 310.25],
        ["Thule Energy Oy", "000000000009", None, "00120034005600780093", None, 0],
    ], {"F": "#,##0.00"})
    for column in "BCDE":
        for cell in sheet[column]:
            cell.number_format = "@"
    save(book, "field/long_ids.xlsx")


def three_sheets():
    book = Workbook()
    roles = book.active
    roles.title = "Roles"
    fill(roles, [
        ["Role ID", "Company ID", "Person ID", "Role", "From", "To", "Shares %"],
        [1, 10, 1, "Director", DAY(2010, 3, 1), None, None],
        [2, 10, 2, "Shareholder", DAY(2010, 3, 1), DAY(2015, 1, 31), 60],
        [3, 11, 1, "Secretary", DAY(2011, 5, 30), None, None],
        [4, 12, 3, "Shareholder", DAY(2012, 7, 1), None, 100],
    ], {"E": "dd/mm/yyyy", "F": "dd/mm/yyyy"})
    bodies = book.create_sheet("Companies")
    fill(bodies, [
        ["Company ID", "Company name", "Registration no.", "Country"],
        [10, "Velmara Shipping Ltd", "FC000021", "Cyprus"],
        [11, "Thule Energy Oy", "0000009-1", "Finland"],
        [12, "Ysara Marine SA", "80917", "Panama"],
    ])
    folk = book.create_sheet("People")
    fill(folk, [
        ["Person ID", "Full name", "Date of birth", "Nationality"],
        [1, "Alba Norden", DAY(1967, 3, 28), "GB"],
        [2, "Gleb Voronov", DAY(1972, 9, 9), "BY"],
        [3, "Esther Quill", DAY(1961, 2, 27), "IE"],
    ], {"C": "dd/mm/yyyy"})
    save(book, "field/three_sheets.xlsx")


def stat_register():
    book = Workbook()
    sheet = book.active
    sheet.title = "ЮЛ"
    fill(sheet, [
        ["Заңды тұлғалардың тізімі / Список юридических лиц"],
        ["01.04.2021 жылғы жағдай бойынша / по состоянию на 01.04.2021 г. FICTIONAL – TRAINING"],
        ["БСН / БИН", "Атауы / Наименование", "Тіркелген күні / Дата регистрации", "ЭҚЖЖ / ОКЭД",
         "Қызмет түрі / Вид деятельности", "КРП коды / Код КРП", "КРП атауы / Наименование КРП",
         "ӘАОЖ / КАТО", "Заңды мекенжайы / Юридический адрес",
         "Басшының Т.А.Ә. / ФИО руководителя"],
        ["090240000117", "ТОО \"Мираж Мунай\"", DAY(2009, 2, 16), "46711",
         "Оптовая торговля сырой нефтью", 105, "Малые предприятия (<= 5)", "000000000",
         "Несуществующая область, г. Елес, ул. Мнимая, 1", "ПРИЗРАКОВ САГЫМ ЕЛЕСОВИЧ"],
        ["141140000225", "АО \"Фата-Моргана Инвест\"", DAY(2014, 11, 30), "64999",
         "Прочие виды финансовых услуг", 310, "Крупные предприятия (501 - 1000)", "000000000",
         "г. Сагым, пр. Воображаемый, 22", "НОРДЕН АЛЬБА"],
        ["170640000336", "ТОО \"Химера Транс\"", DAY(2017, 6, 12), "49410",
         "Грузовые перевозки автомобильным транспортом", 110, "Малые предприятия (6 - 10)",
         "000000000", "Несуществующая область, с. Пустое, ул. Первая, 3",
         "ПРИЗРАКОВ САГЫМ ЕЛЕСОВИЧ"],
        ["020540000447", "ОБЩЕСТВЕННЫЙ ФОНД \"Свет гавани\"", DAY(2002, 5, 25), "94990",
         "Деятельность прочих общественных организаций", 105, "Малые предприятия (<= 5)",
         "000000000", "г. Сагым, ул. Тихая, 8", "ВЫМЫСЛОВА АЙГУЛЬ КИЯЛОВНА"],
        ["190240000558", "ФИЛИАЛ \"ORBANE HOLDING AG\" В РЕСПУБЛИКЕ КАЗАХСТАН",
         DAY(2019, 2, 18), "70100", "Деятельность головных компаний", 105,
         "Малые предприятия (<= 5)", "000000000", "г. Сагым, пр. Воображаемый, 24", None],
        ["200140000669", "ТОО \"Мираж Мунай Сервис\"", DAY(2020, 1, 27), "09100",
         "Услуги при добыче нефти и газа", 160, "Средние предприятия (101 - 150)", "000000000",
         "Несуществующая область, г. Елес, ул. Мнимая, 1", "КЕЛЬНЕР БОРИС"],
        ["210340000771", "ПК \"Бос Дала\"", DAY(2021, 3, 19), "01111",
         "Выращивание зерновых культур", 105, "Малые предприятия (<= 5)", "000000000",
         "Несуществующая область, с. Пустое, ул. Вторая, 17", "ТУМАНОВ ЕРЛАН"],
        ["110740000882", "ТОО \"Сагым Девелопмент\"", DAY(2011, 7, 14), "68101",
         "Покупка и продажа недвижимости", 105, "Малые предприятия (<= 5)", "000000000",
         "г. Сагым, пр. Воображаемый, 26", "ВЫМЫСЛОВА АЙГУЛЬ КИЯЛОВНА"],
    ], {"C": "dd.mm.yyyy"})
    for cell in sheet["A"]:
        cell.number_format = "@"
    for area in ("A1:J1", "A2:J2"):
        sheet.merge_cells(area)
    save(book, "field/заңды_тұлғалар.xlsx")


def ship_data():
    book = Workbook()
    sheet = book.active
    sheet.title = "ShipData"
    fill(sheet, [
        ["LRIMOShipNo", "ShipName", "ExName", "FlagName", "MaritimeMobileServiceIdentityMMSINumber",
         "CallSign", "ShiptypeLevel5", "Deadweight", "GrossTonnage", "YearOfBuild", "ShipStatus",
         "RegisteredOwner", "RegisteredOwnerCode", "RegisteredOwnerCountryOfRegistration",
         "GroupBeneficialOwner", "GroupBeneficialOwnerCompanyCode",
         "GroupBeneficialOwnerCountryOfControl", "Operator", "OperatorCompanyCode",
         "ShipManager", "ShipManagerCompanyCode", "DOCCompany", "DocumentofComplianceDOCCompanyCode",
         "ClassificationSociety"],
        [3001017, "ODDNY STAR", "MIRAGE 7", "Panama", 370000017, "3FXX1",
         "Crude Oil Tanker", 149995, 81502, 2003, "In Service/Commission",
         "Ysara Marine SA", 117, "Panama", "Velmara Group", 900, "Cyprus",
         "Tessaline Bulk OU", 225, "Tessaline Shipmanagement OU", 226,
         "Tessaline Shipmanagement OU", 226, "Fictional Bureau"],
        [3001158, "BLUE TERN II", "TERN; ex SEA TERN", "Gabon", 626000158, "TRXX2",
         "Chemical/Products Tanker", 17500, 11290, 1998, "In Service/Commission",
         "Pelican Unreal Corp", 118, "Seychelles", None, None, None,
         "Marlowe Strand FZE", 227, "Marlowe Strand FZE", 227, None, None, None],
        [3002140, "MSQ PALOMINO", None, "Malta", 249000140, "9HXX3",
         "Container Ship (Fully Cellular)", 44100, 36000, 2011, "In Service/Commission",
         "Palomino Navigation Ltd", 119, "Malta", "Quillon Shipping Ltd", 228, "Greece",
         "Quillon Shipping Ltd", 228, "Quillon Shipping Ltd", 228, "Quillon Shipping Ltd", 228,
         "Unreal Register"],
        [3002011, "ASTRA FELUCCA", "FELUCCA", "Liberia", 636000011, "A8XX4",
         "General Cargo Ship", 8200, 5998, 2006, "Laid-Up",
         "Felucca Shipping SA", 120, "Liberia", "Velmara Group", 900, "Cyprus",
         "Felucca Shipping SA", 120, "Tessaline Shipmanagement OU", 226,
         "Tessaline Shipmanagement OU", 226, "Fictional Bureau"],
        [3003017, "UNREAL DAWN", None, "Comoros", 620000017, None,
         "Bulk Carrier", 56700, 32305, 2012, "Broken Up",
         "Dawn Bulk Ltd", 121, "Marshall Islands", "Dawn Bulk Ltd", 121, "Turkey",
         None, None, None, None, None, None, "Unreal Register"],
        [3003024, "SABLE MIRAGE", "SABLE; ex LADY SABLE", "Panama", 371000024, "3FXX6",
         "LPG Tanker", 29000, 22500, 2001, "In Service/Commission",
         "Sable Gas Carriers SA", 122, "Panama", "Velmara Group", 900, "Cyprus",
         "Marlowe Strand FZE", 227, "Marlowe Strand FZE", 227, "Marlowe Strand FZE", 227,
         "Fictional Bureau"],
        [3003036, "NOWHERE GRACE", None, "Cyprus", 209000036, "5BXX7",
         "Crude Oil Tanker", 105400, 57062, 2004, "In Service/Commission",
         "Grace Maritime Ltd", 123, "Cyprus", None, None, None,
         "Tessaline Bulk OU", 225, "Tessaline Shipmanagement OU", 226,
         "Tessaline Shipmanagement OU", 226, None],
        [3003048, "PHANTOM REEFER", "REEFER 2", "Togo", 671000048, "5VXX8",
         "Refrigerated Cargo Ship", 6100, 5084, 1992, "In Service/Commission",
         "Reefer Fiction Inc", 124, "Belize", "Reefer Fiction Inc", 124, "Turkey",
         "Reefer Fiction Inc", 124, None, None, None, None, None],
    ], {"M": "0000000", "P": "0000000", "S": "0000000", "U": "0000000", "W": "0000000"})
    save(book, "field/ShipData.xlsx")


def aircraft_register():
    book = Workbook()
    sheet = book.active
    sheet.title = "Register"
    fill(sheet, [
        ["Register of Aircraft – FICTIONAL – TRAINING"],
        ["Report date:", DAY(2021, 3, 31)],
        [None],
        ["Registration Mark", "Manufacturer", "Type / Variant", "Serial Number",
         "Year of Manufacture", "MTOW (kg)", "Date of Registration", "Owner(s)", "Address of Owner",
         "Operator (AOC holder)", "Mode S Code"],
        ["ZZ-FAM", "Phantomair", "PH-604 Mirage", "5031", 2004, 21863, DAY(2018, 3, 12),
         "Fata Morgana Aviation Leasing 3 Designated Activity Company",
         "1 Figment Quay, Dublin 0", None, "A00001"],
        ["ZZ-FAN", "Phantomair", "PH-604 Mirage", "5044", 2006, 21863, DAY(2019, 6, 1),
         "Fata Morgana Aviation Leasing 3 Designated Activity Company",
         "1 Figment Quay, Dublin 0", "Chimera Jet Ltd", "A00002"],
        ["ZZ-NRD", "Light Fiction", "LF-2", "0117", 1978, 757, DAY(2012, 2, 8),
         "Alba Norden", "14 Mirage Lane, Bangor Regis", None, "A00003"],
        ["ZZ-QLL", "Light Fiction", "LF-2A", "0142", 1981, 1111, DAY(2014, 3, 10),
         "Nowhere Flying Group", "7 Pelican Road, Nowhere", None, "A00004"],
        ["ZZ-ABX", "Widebody Invention Co.", "W-800", "40017", 2016, 79015, DAY(2016, 7, 18),
         "Bank of Nowhere Trust Company (as Trustee)", "PO Box 000, Salt Flats",
         "Unreal Airlines Ltd", "A00005"],
        ["ZZ-ABY", "Widebody Invention Co.", "W-800", "40018", 2016, 79015, DAY(2016, 8, 22),
         "Bank of Nowhere Trust Company (as Trustee)", "PO Box 000, Salt Flats",
         "Unreal Airlines Ltd", "A00006"],
        ["ZZ-ABZ", "Widebody Invention Co.", "W-900", "41003", 2019, 85139, DAY(2019, 11, 29),
         "Unreal Airlines Ltd", "Terminal 0, Nowhere Airport", "Unreal Airlines Ltd", "A00007"],
        ["ZZ-VLM", "Phantomair", "PH-604 Mirage", "5102", 2011, 21863, DAY(2020, 1, 15),
         "Velmara Aviation Ltd", "14 Unreal Street, Nicosia", "Chimera Jet Ltd", "A00008"],
        ["Total aircraft on register: 8"],
    ], {"B": "dd/mm/yyyy", "G": "dd/mm/yyyy"})
    sheet.merge_cells("A1:K1")
    save(book, "field/aircraft_register.xlsx")


def kumu():
    book = Workbook()
    things = book.active
    things.title = "Elements"
    fill(things, [
        ["Label", "Type", "Description", "Tags", "Country", "Registration number"],
        ["Velmara Shipping Ltd", "Organization", "Charters tankers", "shipping|offshore", "Cyprus",
         "FC000021"],
        ["Ysara Marine SA", "Organization", None, "shipping", "Panama", "80917"],
        ["Alba Norden", "Person", "Seen at the launch", "owner", "United Kingdom", None],
        ["Gleb Voronov", "Person", None, None, "Belarus", None],
        ["Harbour Light Foundation", "Organization", "Beneficiaries unknown", "offshore",
         "Liechtenstein", None],
        ["ODDNY STAR", "Vessel", "Crude oil tanker", "shipping", "Panama", None],
        ["Bank of Mirages", "Organization", None, "bank", "Latvia", None],
    ])
    ties = book.create_sheet("Connections")
    fill(ties, [
        ["From", "To", "Direction", "Type", "Label", "Description", "Start date"],
        ["Alba Norden", "Velmara Shipping Ltd", "directed", "Director", "director since 2009",
         None, DAY(2009, 2, 16)],
        ["Harbour Light Foundation", "Velmara Shipping Ltd", "directed", "Shareholder", "100 %",
         "By the register of members", DAY(2014, 2, 12)],
        ["Velmara Shipping Ltd", "Ysara Marine SA", "directed", "Shareholder", "51 %", None,
         DAY(2016, 2, 29)],
        ["Ysara Marine SA", "ODDNY STAR", "directed", "Owner", "registered owner", None, None],
        ["Alba Norden", "Gleb Voronov", "undirected", "Spouse", "married", "Married in Gomel",
         DAY(1994, 7, 30)],
        ["Bank of Mirages", "Velmara Shipping Ltd", "directed", "Banker", "account since 2015",
         "Signs by two", DAY(2015, 11, 13)],
        ["Gleb Voronov", "Harbour Light Foundation", "directed", "Beneficiary", "named in a letter",
         None, None],
        ["Gleb Voronov", "Ysara Marine SA", "directed", "Director", None, None, DAY(2016, 2, 29)],
    ], {"G": "yyyy-mm-dd"})
    save(book, "field/kumu_import.xlsx")


def node_xl():
    book = Workbook()
    ties = book.active
    ties.title = "Edges"
    fill(ties, [
        [None, None, "Visual Properties", None, None, None, None, "Labels", None, None, None,
         "Other Columns"],
        ["Vertex 1", "Vertex 2", "Color", "Width", "Style", "Opacity", "Visibility", "Label",
         "Label Text Color", "Label Font Size", "ID", "Relationship", "Date"],
        ["Mirage Trading Ltd", "Grifon Trade LLC", "Red", 2, "Solid", 80, None, "contract", None,
         None, 3, "Supplier of", DAY(2019, 3, 14)],
        ["Grifon Trade LLC", "Utopia Minerals SARL", None, 1, None, None, None, None, None, None, 4,
         "Owner of", DAY(2016, 6, 30)],
        ["Norden Holding Ltd", "Mirage Trading Ltd", "Red", 2, "Solid", 80, None, "60 %", None,
         None, 5, "Owner of", DAY(2012, 9, 21)],
        ["Norden Holding Ltd", "Grifon Trade LLC", None, 1, "Dash", None, None, "10 %", None, None,
         6, "Owner of", DAY(2018, 1, 8)],
        ["Utopia Minerals SARL", "Norden Holding Ltd", None, 1, None, None, None, None, None, None,
         7, "Agent of", DAY(2020, 2, 25)],
        ["Chimera Transport Ltd", "Mirage Trading Ltd", None, 3, None, None, None, None, None, None,
         8, "Supplier of", None],
        ["Chimera Transport Ltd", "Grifon Trade LLC", None, 1, None, None, None, None, None, None,
         9, "Supplier of", DAY(2020, 10, 19)],
        ["Norden Holding Ltd", "Chimera Transport Ltd", "Red", 2, "Solid", 80, None, "75 %", None,
         None, 10, "Owner of", DAY(2014, 4, 17)],
    ], {"M": "dd/mm/yyyy"})
    things = book.create_sheet("Vertices")
    fill(things, [
        [None, "Visual Properties", None, None, None, "Labels", None, "Layout", None,
         "Other Columns"],
        ["Vertex", "Color", "Shape", "Size", "Visibility", "Label", "Tooltip", "X", "Y", "ID",
         "Country", "Registration No."],
        ["Mirage Trading Ltd", "Blue", "Disk", 5, None, "Mirage", None, 4711.5, 912.25, 3, "GB",
         "FC000031"],
        ["Grifon Trade LLC", "Blue", "Disk", 3, None, "Grifon", None, 1204.0, 5120.75, 4, "BY",
         "190000001"],
        ["Utopia Minerals SARL", None, "Square", 2, None, None, None, 8800.5, 7733.0, 5, "CD",
         "CD-00044"],
        ["Norden Holding Ltd", "Red", "Disk", 8, None, "Norden", None, 300.25, 1111.5, 6, "GB",
         "FC000001"],
        ["Chimera Transport Ltd", None, "Disk", 1, "Show", None, None, 6060.5, 2525.0, 7, "IE",
         None],
    ])
    save(book, "field/NodeXLGraph1.xlsx")


if __name__ == "__main__":
    for write in (three_heads, staff, mixed_sheets, network, ledger, holdings, designations,
                  grouped_heads, long_ids, three_sheets, stat_register, ship_data, aircraft_register,
                  kumu, node_xl):
        write()
