import './base.css';
import './viewer.css';
import './signing.css';
import './study.css';
import './review.css';
import './models.css';
import './evaluation.css';
import './proposals.css';
