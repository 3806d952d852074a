/// What mail programs write around the message that is answered, in the languages that they speak.
///
/// All in small letters.
enum MailPhrases {
    /// Verbs of a line such as `On Monday Ann wrote:`, with the words that such a line begins with.
    static let attributions: [(starts: [String], verbs: [String])] = [
        (["on "], [" wrote"]),
        (["am "], [" schrieb"]),
        (["le "], [" a écrit"]),
        (["el "], [" escribió"]),
        (["il "], [" ha scritto"]),
        (["em ", "a "], [" escreveu"]),
        (["op "], [" schreef", " geschreven"]),
        (["den "], [" skrev"]),
        (["w dniu ", "dnia "], [" napisał", " pisze"]),
        (["dne "], [" napsal"]),
        (["в "], [" пишет", " написал", " написала"]),
        (["在", "于", "於"], ["写道", "寫道"]),
        ([], ["のメッセージ", "書きました", "님이 작성", "님이 씀", " kirjoitti", " írta", " yazdı"]),
    ]

    /// What stands between dashes above the message that is answered.
    static let separators: Set<String> = [
        "original message", "reply message", "ursprüngliche nachricht", "original-nachricht", "originalnachricht",
        "message d'origine", "message d’origine", "message original", "mensaje original", "messaggio originale",
        "mensagem original", "oorspronkelijk bericht", "originalmeddelande", "oprindelig meddelelse",
        "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "původní zpráva", "исходное сообщение",
        "пересылаемое сообщение", "原始邮件", "原始郵件", "原始信件", "回复的邮件", "元のメッセージ", "원본 메시지", "원본 메일",
    ]

    /// The names of header fields as they are shown above the message that is answered; the first of each row is who it is
    /// from.
    static let from: Set<String> = [
        "from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "发件人", "寄件者", "寄件人", "差出人", "보낸사람",
        "보낸 사람",
    ]

    /// The names of the fields that stand below.
    static let fields: Set<String> = [
        "sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet", "enviado",
        "enviado el", "fecha", "para", "asunto", "inviato", "data", "a", "oggetto", "assunto", "verzonden", "aan",
        "onderwerp", "skickat", "till", "ämne", "sendt", "til", "emne", "wysłano", "do", "temat", "отправлено", "дата",
        "кому", "тема", "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "收件者", "副本", "主旨", "送信日時", "宛先", "件名",
        "보낸날짜", "보낸 날짜", "받는사람", "받는 사람", "제목",
    ]

    /// How the last line begins that a phone adds.
    static let devices = [
        "sent from my ", "sent from mail for ", "get outlook for ", "von meinem ", "gesendet mit der ",
        "envoyé de mon ",
        "envoyé depuis ", "enviado desde mi ", "enviado do meu ", "inviato da ", "verzonden vanaf ", "skickat från ",
        "отправлено с ", "发自我的", "從我的", "来自我的", "iphoneから送信", "나의 iphone에서",
    ]
}
